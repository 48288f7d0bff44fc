namespace Backprop.Cli;

/// <summary>Bad input found by the command itself; the message is the one line the user sees.</summary>
internal sealed class InputException(string message) : Exception(message)
{
    /// <summary>Makes what an option asks for; where that cannot be, the message names the option, not a parameter of the code.</summary>
    internal static T Blame<T>(string option, string value, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException problem)
        {
            throw For(option, problem);
        }
        catch (OutOfMemoryException)
        {
            throw new InputException($"{option}: '{value}' needs more memory than there is");
        }
    }

    /// <summary>The same problem under the name of an option instead of that of a parameter.</summary>
    internal static InputException For(string option, ArgumentException problem)
    {
        string name = $"{problem.ParamName}: ";
        string message = Describe(problem);
        string rest = message.StartsWith(name, StringComparison.Ordinal) ? message[name.Length..] : message;
        return new InputException($"{option}: {rest}");
    }

    /// <summary>The message without the " (Parameter 'name')" of .NET, which speaks of the code and not of the command line.</summary>
    internal static string Describe(ArgumentException problem) =>
        problem.Message.Replace($" (Parameter '{problem.ParamName}')", "", StringComparison.Ordinal);
}
