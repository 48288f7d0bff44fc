namespace Backprop.Cli;

/// <summary>Bad input found by the command itself; the message is the one line the user sees.</summary>
internal sealed class InputException(string message) : Exception(message);
