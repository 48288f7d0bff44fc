using System.Diagnostics;
using System.Text.Json;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

/// <summary>A process that is killed at any moment leaves a checkpoint from which the training goes on to the same bits.</summary>
public class KillTests
{
    private const int Kills = 50;
    private const int Seed = 20_260;
    private const string ModelName = "m.safetensors";
    private const string CheckpointName = "c.ckpt";

    // A checkpoint of 100 kB each epoch: most of the time goes into writing it.
    private static readonly string[] s_training =
    [
        "train", "--data", "data.csv", "--hidden", "1000", "--epochs", "40", "--batch", "20", "--optimizer", "adam", "--schedule", "cosine",
        "--warm-up", "3", "--out", ModelName, "--checkpoint", CheckpointName, "--json",
    ];

    /// <summary>
    /// One training, killed and gone on with again and again. Moments are drawn from the seed: a fifth of them within the first 300 ms of the
    /// process, two fifths up to 10 ms after one of its first two epochs, two fifths as soon as it has begun to write a checkpoint. If the
    /// training ends in between it must have the digest of one without any kill, and the next begins anew.
    /// </summary>
    [Fact]
    public void Fifty_kills_at_random_moments_cost_nothing()
    {
        using TempFolder reference = WithData();
        string expected = Finish(reference);
        Random random = new(Seed);
        TempFolder folder = WithData();
        (int resumed, int whileWriting) = (0, 0);
        try
        {
            for (int kill = 0; kill < Kills; kill++)
            {
                resumed += File.Exists(folder.PathOf(CheckpointName)) ? 1 : 0;
                RunAndKill(folder, random);
                string[] leftOvers = LeftOvers(folder, CheckpointName);
                whileWriting += leftOvers.Length;
                Assert.True(leftOvers.Length <= 1, $"seed {Seed}, kill {kill}: {string.Join(' ', leftOvers)}");
                if (!File.Exists(folder.PathOf(ModelName)))
                    continue;
                Assert.Equal(expected, Finish(folder));
                folder.Dispose();
                folder = WithData();
            }

            Assert.True(resumed > Kills / 2, $"seed {Seed}: only {resumed} of {Kills} runs went on from a checkpoint");
            Assert.True(whileWriting > 0, $"seed {Seed}: none of {Kills} kills fell into the writing of a checkpoint");
            Assert.Equal(expected, Finish(folder));
            Assert.Empty(LeftOvers(folder, ""));
        }
        finally
        {
            folder.Dispose();
        }
    }

    private static void RunAndKill(TempFolder folder, Random random)
    {
        int kind = random.Next(5);
        int milliseconds = random.Next(kind == 0 ? 300 : 10);
        int epochs = kind == 0 ? 0 : random.Next(1, 3);
        using Process process = CliRunner.Start(folder.Path, [], Arguments(folder));
        while (epochs > 0 && process.StandardError.ReadLine() is { } line)
            epochs -= line.StartsWith("epoch ", StringComparison.Ordinal) ? 1 : 0;
        if (kind < 3)
            process.WaitForExit(milliseconds);
        while (kind >= 3 && LeftOvers(folder, CheckpointName).Length == 0 && !process.HasExited)
            Thread.SpinWait(10);
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>The files, begun and not finished, that were to take the place of one.</summary>
    private static string[] LeftOvers(TempFolder folder, string name) => Directory.GetFiles(folder.Path, $".{name}*.tmp");

    private static TempFolder WithData()
    {
        TempFolder folder = new();
        folder.Write("data.csv", TestFiles.Csv(60));
        return folder;
    }

    private static string Finish(TempFolder folder)
    {
        JsonElement json = CliRunner.RunProcess(folder.Path, [], Arguments(folder)).AssertSuccess().Json;
        return json.GetProperty("parametersSha256").GetString()!;
    }

    private static string[] Arguments(TempFolder folder) =>
        File.Exists(folder.PathOf(CheckpointName)) ? [.. s_training, "--resume", CheckpointName] : s_training;
}
