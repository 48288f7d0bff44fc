using System.Diagnostics;
using System.Globalization;
using Backprop.Cli;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class InterruptTests
{
    private static readonly string[] s_endlessTraining = ["train", "--hidden", "3", "--epochs", "100000000"];

    [Fact]
    public void A_cancelled_training_saves_what_it_has_beside_the_model()
    {
        using TempFolder folder = new();
        string model = folder.Write("m.safetensors", "an older model");
        folder.Write("m.interrupted.safetensors", "an older interruption");
        using CancellationTokenSource cancellation = new();
        using CancellingWriter output = new(cancellation);
        StringWriter error = new();

        int exitCode = EntryPoint.Run([.. s_endlessTraining, "--out", model], output, error, cancellation.Token);

        Assert.Equal(130, exitCode);
        string line = Assert.Single(CliResult.Lines(error.ToString()));
        Assert.Contains("interrupted in epoch 3 of 100000000", line, StringComparison.Ordinal);
        Assert.Contains("m.interrupted-2.safetensors", line, StringComparison.Ordinal);
        Assert.Equal("an older model", File.ReadAllText(model));
        Assert.Equal("an older interruption", File.ReadAllText(folder.PathOf("m.interrupted.safetensors")));
        CliRunner.Run("evaluate", folder.PathOf("m.interrupted-2.safetensors")).AssertSuccess();
    }

    [Theory]
    [InlineData("-INT", 130)]
    [InlineData("-TERM", 143)]
    public void A_signal_ends_the_process_with_a_model_and_a_checkpoint(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no way to send a signal to another process");
        Assert.SkipWhen(signal == "-INT" && IgnoresInterrupts(), "needs SIGINT, which this process was started to ignore (as a background job)");
        using TempFolder folder = new();
        using Process process = CliRunner.Start(
            folder.Path, [], [.. s_endlessTraining, "--checkpoint", "c.ckpt", "--checkpoint-every", "1000000"]);
        string? line;
        do
            line = process.StandardOutput.ReadLine();
        while (line is not null && !line.StartsWith("epoch ", StringComparison.Ordinal));

        using (Process kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        CliResult result = CliRunner.WaitFor(process);

        Assert.Equal(exitCode, result.ExitCode);
        string message = Assert.Single(CliResult.Lines(result.Error));
        Assert.Contains("model.interrupted.safetensors", message, StringComparison.Ordinal);
        Assert.Contains("--resume c.ckpt", message, StringComparison.Ordinal);
        Assert.Equal(["c.ckpt", "model.interrupted.safetensors"], TestFiles.NamesIn(folder));
    }

    /// <summary>Whether SIGINT, signal 2, is ignored from the start, which child processes inherit and .NET leaves as it is.</summary>
    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status", Mask = "SigIgn:";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Mask, StringComparison.Ordinal)) : null;
        return line is not null && (ulong.Parse(line[Mask.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
    }

    /// <summary>Wishes to stop as soon as the second epoch is reported.</summary>
    private sealed class CancellingWriter(CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.TrimStart().StartsWith("epoch", StringComparison.Ordinal) == true && value.Contains(" 2/", StringComparison.Ordinal))
                cancellation.Cancel();
        }
    }
}
