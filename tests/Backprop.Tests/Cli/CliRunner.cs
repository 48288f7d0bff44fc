using System.Diagnostics;
using System.Text.Json;
using Backprop.Cli;
using Xunit;

namespace Backprop.Tests.Cli;

/// <summary>What a run of the command left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last line of standard output as JSON.</summary>
    internal JsonElement Json => JsonDocument.Parse(Lines(Output)[^1]).RootElement;

    internal static string[] Lines(string text) => text.TrimEnd('\n').Split('\n');

    /// <summary>Exit code 2, nothing on standard output, and on standard error one line that says each of the fragments.</summary>
    internal void AssertBadInput(params string[] fragments)
    {
        Assert.Equal("", Output);
        string line = Assert.Single(Lines(Error));
        Assert.StartsWith("backprop", line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("(Parameter", line, StringComparison.Ordinal);
        Assert.All(fragments, fragment => Assert.Contains(fragment, line, StringComparison.Ordinal));
        Assert.Equal(2, ExitCode);
    }

    /// <summary>The same where lines about the run may come before.</summary>
    internal void AssertBadInputInLastLine(params string[] fragments) =>
        (this with { Error = Lines(Error)[^1] }).AssertBadInput(fragments);

    internal CliResult AssertSuccess()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
        return this;
    }
}

/// <summary>Runs the command, in this process or in a child.</summary>
internal static class CliRunner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly string[] s_vectorSwitches = ["DOTNET_Enable", "DOTNET_Preferred", "BACKPROP_"];

    internal static CliResult Run(params string[] arguments)
    {
        StringWriter output = new() { NewLine = "\n" };
        StringWriter error = new() { NewLine = "\n" };
        int exitCode = EntryPoint.Run(arguments, output, error);
        return new CliResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts a real process, in this environment without its vector switches and with <paramref name="environment"/>.</summary>
    internal static Process Start(string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Backprop.Cli.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsVectorSwitch).ToArray())
            start.Environment.Remove(name);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static bool IsVectorSwitch(string name) => s_vectorSwitches.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    internal static CliResult RunProcess(string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        using Process process = Start(folder, environment, arguments);
        return WaitFor(process);
    }

    /// <summary>Waits for the end of a process, and collects what nobody has read of its output.</summary>
    internal static CliResult WaitFor(Process process)
    {
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
            Assert.Fail($"the process did not end within {s_patience}");
        }

        return new CliResult(process.ExitCode, output.Result, error.Result);
    }
}
