namespace Backprop.Cli;

/// <summary>The cost of an epoch is not a number any more; the message is the one line the user sees.</summary>
internal sealed class DivergedException(string message) : Exception(message);
