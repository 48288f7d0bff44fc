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

    private static readonly string[] s_training =
    [
        "train", "--data", "data.csv", "--hidden", "4", "--epochs", "300", "--batch", "20", "--optimizer", "adam", "--schedule", "cosine",
        "--warm-up", "3", "--out", ModelName, "--checkpoint", CheckpointName, "--checkpoint-every", "2", "--json",
    ];

    /// <summary>
    /// Moments are drawn from the seed: a fifth of them within the first 300 ms of the process, the others some epochs and up to 10 ms more
    /// into its training, most of which is spent in writing checkpoints. A run that ends before its kill has gone on from all kills before: it
    /// must have the digest of a run without any, and the next begins anew.
    /// </summary>
    [Fact]
    public void Fifty_kills_at_random_moments_cost_nothing()
    {
        using TempFolder reference = WithData();
        string expected = Finish(reference);
        Random random = new(Seed);
        TempFolder folder = WithData();
        int resumed = 0;
        try
        {
            for (int kill = 0; kill < Kills; kill++)
            {
                resumed += File.Exists(folder.PathOf(CheckpointName)) ? 1 : 0;
                RunAndKill(folder, random);
                if (!File.Exists(folder.PathOf(ModelName)))
                    continue;
                Assert.Equal(expected, Finish(folder));
                folder.Dispose();
                folder = WithData();
            }

            Assert.True(resumed > Kills / 2, $"seed {Seed}: only {resumed} of {Kills} runs went on from a checkpoint");
            Assert.Equal(expected, Finish(folder));
        }
        finally
        {
            folder.Dispose();
        }
    }

    private static void RunAndKill(TempFolder folder, Random random)
    {
        using Process process = CliRunner.Start(folder.Path, [], Arguments(folder));
        int epochs = random.Next(5) == 0 ? 0 : random.Next(1, 25);
        int milliseconds = epochs == 0 ? random.Next(300) : random.Next(10);
        while (epochs > 0 && process.StandardError.ReadLine() is { } line)
            epochs -= line.StartsWith("epoch ", StringComparison.Ordinal) ? 1 : 0;
        if (!process.WaitForExit(milliseconds))
            process.Kill();
        process.WaitForExit();
    }

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
