using System.Globalization;
using System.Text.Json;
using Backprop.Cli;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

/// <summary>Checkpoints, metrics, and what happens where something cannot be written.</summary>
public class GoingOnTests
{
    private static readonly string[] s_training = ["train", "--hidden", "5", "--epochs", "6", "--batch", "50", "--json"];

    [Fact]
    public void An_interrupted_run_goes_on_to_the_digest_and_the_metrics_of_one_without_a_stop()
    {
        using TempFolder folder = new();
        string[] whole = [.. s_training, "--out", folder.PathOf("whole.safetensors"), "--metrics", folder.PathOf("whole.csv")];
        JsonElement expected = CliRunner.Run(whole).AssertSuccess().Json;
        string checkpoint = folder.PathOf("c.ckpt");
        string[] part =
        [
            .. s_training, "--out", folder.PathOf("m.safetensors"), "--metrics", folder.PathOf("m.csv"), "--checkpoint", checkpoint,
        ];
        using CancellationTokenSource cancellation = new();
        using ActingWriter error = new(" 3/", cancellation.Cancel);
        Assert.Equal(130, EntryPoint.Run(part, TextWriter.Null, error, cancellation.Token));
        Assert.Contains($"--resume {checkpoint}", error.ToString(), StringComparison.Ordinal);

        JsonElement json = CliRunner.Run([.. part, "--resume", checkpoint, "--threads", "2"]).AssertSuccess().Json;
        foreach (string name in new[] { "parametersSha256", "testAccuracyAtBest", "bestValidationEpoch", "trainCost", "validationCost" })
            Assert.Equal(expected.GetProperty(name).ToString(), json.GetProperty(name).ToString());
        Assert.Equal(Timeless(folder.PathOf("whole.csv")), Timeless(folder.PathOf("m.csv")));
    }

    [Fact]
    public void Metrics_are_a_table_that_every_reader_of_csv_understands()
    {
        using TempFolder folder = new();
        string path = folder.PathOf("m.csv");
        CliRunner.Run([.. s_training, "--out", folder.PathOf("m.safetensors"), "--metrics", path]).AssertSuccess();
        string text = File.ReadAllText(path);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        string[][] rows = [.. text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];
        Assert.Equal(
            ["epoch", "trainCost", "trainAccuracy", "validationCost", "validationAccuracy", "seconds", "examplesPerSecond"], rows[0]);
        Assert.Equal(7, rows.Length);
        for (int epoch = 1; epoch <= 6; epoch++)
        {
            double[] numbers = Array.ConvertAll(rows[epoch], word => double.Parse(word, CultureInfo.InvariantCulture));
            Assert.Equal(7, numbers.Length);
            Assert.Equal(epoch, numbers[0]);
            Assert.InRange(numbers[2], 0, 1);
            Assert.InRange(numbers[4], 0, 1);
            Assert.Equal(1295 / numbers[5], numbers[6], 1e-6 * numbers[6]);
        }
    }

    /// <summary>The folder of the model goes away while the network learns.</summary>
    [Fact]
    public void A_model_that_cannot_be_saved_where_it_was_asked_for_is_saved_elsewhere()
    {
        using TempFolder folder = new();
        string away = Directory.CreateDirectory(folder.PathOf("away")).FullName;
        string name = $"{Guid.NewGuid():N}.safetensors";
        using StringWriter output = new();
        using ActingWriter error = new(" 3/", () => Directory.Delete(away, recursive: true));
        string[] arguments =
        [
            .. s_training, "--out", Path.Combine(away, name), "--plot", Path.Combine(away, "p.svg"), "--checkpoint", Path.Combine(away, "c"),
        ];
        int exitCode = EntryPoint.Run(arguments, output, error, TestContext.Current.CancellationToken);
        Assert.Equal(2, exitCode);
        string model = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("model").GetString()!;
        try
        {
            Assert.Contains($"the trained network is in {model}", error.ToString(), StringComparison.Ordinal);
            Assert.Contains("no checkpoint: ", error.ToString(), StringComparison.Ordinal);
            Assert.Contains("p.svg", error.ToString(), StringComparison.Ordinal);
            CliRunner.Run("evaluate", model).AssertSuccess();
        }
        finally
        {
            File.Delete(model);
        }
    }

    [Fact]
    public void A_resume_that_would_not_be_the_same_training_is_refused_in_one_line()
    {
        using TempFolder folder = new();
        string checkpoint = folder.PathOf("c.ckpt");
        string[] good = [.. s_training, "--out", folder.PathOf("m.safetensors")];
        CliRunner.Run([.. good, "--checkpoint", checkpoint]).AssertSuccess();
        string[] resume = [.. good, "--resume", checkpoint];
        CliRunner.Run([.. good, "--resume", folder.PathOf("none")]).AssertBadInputInLastLine("--resume", "none");
        CliRunner.Run([.. resume, "--seed", "2"]).AssertBadInputInLastLine("--resume", "Seed", "1", "2");
        CliRunner.Run([.. resume, "--init", "xavier"]).AssertBadInputInLastLine("--resume", "scaled", "xavier");
        CliRunner.Run([.. resume, "--optimizer", "adam"]).AssertBadInputInLastLine("--resume", "LearningRate");
        string data = folder.Write("d.csv", OtherDigits());
        string metrics = folder.Write("old.csv", "an older table");
        CliRunner.Run([.. resume, "--data", data, "--metrics", metrics]).AssertBadInputInLastLine("--resume", "examples");
        Assert.Equal("an older table", File.ReadAllText(metrics));
        byte[] file = File.ReadAllBytes(checkpoint);
        file[^100] ^= 1;
        File.WriteAllBytes(checkpoint, file);
        CliRunner.Run(resume).AssertBadInputInLastLine("--resume", checkpoint, "digest");
        File.WriteAllBytes(checkpoint, file[..200]);
        CliRunner.Run(resume).AssertBadInputInLastLine("--resume", checkpoint);
    }

    [Theory]
    [InlineData("--optimizer", "lion", "adamw")]
    [InlineData("--schedule", "step:0:0.5", "step:10:0.5")]
    [InlineData("--schedule", "linear", "cosine")]
    [InlineData("--schedule", "exponential:2", "exponential:F")]
    [InlineData("--warm-up", "6", "less than the 6 epochs, got 6")]
    [InlineData("--class-weights", "1,0,1", "over 0")]
    [InlineData("--class-weights", "1,2,3", "10")]
    [InlineData("--label-smoothing", "1", "below 1")]
    [InlineData("--clip", "0", "over 0")]
    [InlineData("--patience", "0", "at least 1")]
    [InlineData("--epsilon", "0.1", "rmsprop or adam or adamw")]
    [InlineData("--checkpoint-every", "3", "--checkpoint")]
    [InlineData("--learning-rate", "nan", "finite number")]
    [InlineData("--learning-rate", "-1", "at least 0")]
    [InlineData("--beta1", "0.5", "adam or adamw beside it, got sgd")]
    [InlineData("--beta2", "0.5", "adam or adamw")]
    [InlineData("--rho", "0.5", "rmsprop")]
    [InlineData("--weight-decay", "0.5", "adamw")]
    [InlineData("--metrics", "none/m.csv", "there is no folder")]
    [InlineData("--checkpoint", "none/c.ckpt", "there is no folder")]
    public void Refuses_options_in_one_line(string option, string value, string expected)
    {
        using TempFolder folder = new();
        CliRunner.Run([.. s_training, "--out", folder.PathOf("m.safetensors"), option, value]).AssertBadInput(option, expected);
        Assert.Empty(TestFiles.NamesIn(folder));
    }

    /// <summary>What a run reads is not what it writes, or the training would be over before it begins.</summary>
    [Fact]
    public void A_file_that_is_read_is_not_written()
    {
        using TempFolder folder = new();
        string data = folder.Write("d.csv", TestFiles.Csv(30));
        string[] good = ["train", "--data", data, "--hidden", "3", "--epochs", "2", "--out", folder.PathOf("m.safetensors")];
        string checkpoint = folder.PathOf("c.ckpt");
        CliRunner.Run([.. good, "--checkpoint", checkpoint]).AssertSuccess();
        byte[] before = File.ReadAllBytes(checkpoint);
        CliRunner.Run([.. good, "--metrics", data]).AssertBadInput("--metrics", data, "--data");
        CliRunner.Run([.. good, "--resume", checkpoint, "--metrics", checkpoint]).AssertBadInput("--metrics", checkpoint, "--resume");
        CliRunner.Run([.. good[..^1], checkpoint, "--resume", checkpoint]).AssertBadInput("--out", checkpoint, "--resume");
        Assert.Equal(before, File.ReadAllBytes(checkpoint));
        CliRunner.Run([.. good, "--resume", checkpoint, "--checkpoint", checkpoint]).AssertSuccess();
    }

    /// <summary>The rates are those of Kingma and Ba, of Keras for rmsprop, and a tenth of sgd's where momentum takes ten steps at once.</summary>
    [Theory]
    [InlineData("sgd", 1.5, 0)]
    [InlineData("momentum", 0.15, 0.9)]
    [InlineData("nesterov", 0.15, 0.9)]
    [InlineData("rmsprop", 0.001, 0)]
    [InlineData("adam", 0.001, 0)]
    [InlineData("adamw", 0.001, 0)]
    public void Every_optimiser_has_its_word_and_its_defaults(string optimizer, double rate, double momentum)
    {
        using TempFolder folder = new();
        JsonElement json = CliRunner.Run(
            "train", "--hidden", "3", "--epochs", "2", "--optimizer", optimizer, "--schedule", "cosine:0.1", "--warm-up", "1",
            "--out", folder.PathOf("m.safetensors"), "--json").AssertSuccess().Json;
        Assert.Equal((optimizer, "cosine:0.1 warm-up:1"), (json.GetProperty("optimizer").GetString(), json.GetProperty("schedule").GetString()));
        Assert.Equal(rate, json.GetProperty("learningRate").GetDouble(), 1e-7);
        Assert.Equal(momentum, json.GetProperty("momentum").GetDouble(), 1e-7);
    }

    /// <summary>
    /// At rates at which 1,040 steps are enough. An adaptive step moves a parameter by about η, whatever the gradient: with the 0.001 of the
    /// defaults and this schedule none could move further than about 0.6, too little for so short a training, so they get 0.01 here.
    /// </summary>
    [Theory]
    [InlineData("sgd", "1.5")]
    [InlineData("momentum", "0.15")]
    [InlineData("nesterov", "0.15")]
    [InlineData("rmsprop", "0.01")]
    [InlineData("adam", "0.01")]
    [InlineData("adamw", "0.01")]
    public void Every_optimiser_learns_the_digits(string optimizer, string rate)
    {
        using TempFolder folder = new();
        JsonElement json = CliRunner.Run(
            "train", "--hidden", "20", "--epochs", "8", "--optimizer", optimizer, "--learning-rate", rate, "--schedule", "cosine:0.1",
            "--warm-up", "1", "--clip", "5", "--label-smoothing", "0.05", "--patience", "8", "--out", folder.PathOf("m.safetensors"),
            "--json").AssertSuccess().Json;
        Assert.True(json.GetProperty("testAccuracy").GetDouble() >= 0.9, json.ToString());
    }

    private static string[] Timeless(string path) =>
        [.. File.ReadAllLines(path).Select(line => string.Join(',', line.Split(',')[..5]))];

    /// <summary>As many examples as the built-in digits have, of as many features and classes.</summary>
    private static string OtherDigits() =>
        string.Concat(Enumerable.Range(0, 1797).Select(i => $"{string.Join(',', Enumerable.Repeat(i % 7, 64))},{i % 10}\n"));

    /// <summary>Does something when the line of an epoch is written.</summary>
    private sealed class ActingWriter(string epoch, Action action) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith("epoch", StringComparison.Ordinal) == true && value.Contains(epoch, StringComparison.Ordinal))
                action();
        }
    }
}
