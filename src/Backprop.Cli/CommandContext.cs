namespace Backprop.Cli;

/// <summary>What a command may touch of the world outside: standard output, standard error, and the wish to stop.</summary>
internal sealed record CommandContext(TextWriter Output, TextWriter Error, CancellationToken Cancellation);
