namespace Backprop.Benchmarks.Compare;

/// <summary>Input that cannot be worked on. The message is the one line the user sees; the exit code is 2.</summary>
internal sealed class InputException(string message) : Exception(message);
