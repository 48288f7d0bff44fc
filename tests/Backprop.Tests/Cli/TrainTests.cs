using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Backprop.Tests.Data;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Cli;

public class TrainTests
{
    private static readonly string[] s_reportFields =
    [
        "layers", "epochs", "batch", "seed", "threads", "simdLevel", "seconds", "samplesPerSecond", "trainCost", "trainAccuracy",
        "validationAccuracy", "testAccuracy", "bestValidationEpoch", "testAccuracyAtBest", "parametersSha256",
    ];

    [Fact]
    public void Json_is_the_only_line_of_standard_output_and_says_what_was_done()
    {
        using TempFolder folder = new();
        string model = folder.PathOf("m.safetensors");

        CliResult result = CliRunner.Run(
            "train", "--hidden", "7,5", "--epochs", "2", "--batch", "13", "--seed", "9", "--threads", "2", "--out", model, "--json");

        result.AssertSuccess();

        Assert.Single(CliResult.Lines(result.Output));
        JsonElement json = result.Json;
        Assert.All(s_reportFields, field => Assert.NotEqual(JsonValueKind.Null, json.GetProperty(field).ValueKind));
        Assert.Equal([64, 7, 5, 10], json.GetProperty("layers").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal((64 * 7) + 7 + (7 * 5) + 5 + (5 * 10) + 10, json.GetProperty("parameters").GetInt32());
        Assert.Equal(2, json.GetProperty("epochs").GetInt32());
        Assert.Equal(13, json.GetProperty("batch").GetInt32());
        Assert.Equal(9, json.GetProperty("seed").GetInt32());
        Assert.Equal(2, json.GetProperty("threads").GetInt32());
        Assert.Equal(model, json.GetProperty("model").GetString());
        Assert.InRange(json.GetProperty("bestValidationEpoch").GetInt32(), 1, 2);
        Assert.Equal(2, CliResult.Lines(result.Error).Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Equal(["m.safetensors"], TestFiles.NamesIn(folder));
    }

    [Fact]
    public void Digits_are_split_into_a_fifth_for_test_and_a_tenth_of_the_rest_for_validation()
    {
        using TempFolder folder = new();

        JsonElement json = Train(folder, "--hidden", "3", "--epochs", "1").Json;

        // 1797 / 5 = 359, (1797 − 359) / 10 = 143, rounded down
        Assert.Equal(359, json.GetProperty("testCount").GetInt32());
        Assert.Equal(143, json.GetProperty("validationCount").GetInt32());
        Assert.Equal(1797 - 359 - 143, json.GetProperty("trainCount").GetInt32());
    }

    [Fact]
    public void A_batch_beyond_all_examples_is_all_examples()
    {
        using TempFolder folder = new();

        JsonElement all = Train(folder, "--hidden", "3", "--epochs", "2", "--batch", "1295").Json;
        JsonElement more = Train(folder, "--hidden", "3", "--epochs", "2", "--batch", "2000000000").Json;

        Assert.Equal(all.GetProperty("parametersSha256").GetString(), more.GetProperty("parametersSha256").GetString());
    }

    [Fact]
    public void A_folder_is_split_by_files_and_its_last_sixth_validates()
    {
        using TempFolder folder = new();
        TestFiles.WriteIdxFolder(folder);

        JsonElement json = Train(folder, "--data", folder.Path, "--hidden", "3", "--epochs", "1").Json;

        Assert.Equal(50, json.GetProperty("trainCount").GetInt32());
        Assert.Equal(10, json.GetProperty("validationCount").GetInt32());
        Assert.Equal(20, json.GetProperty("testCount").GetInt32());
        Assert.Equal([9, 3, 4], json.GetProperty("layers").EnumerateArray().Select(size => size.GetInt32()));
    }

    [Fact]
    public void Only_the_first_examples_count_where_their_number_is_given()
    {
        using TempFolder folder = new();
        TestFiles.WriteIdxFolder(folder);
        string[] options = ["--data", folder.Path, "--hidden", "3", "--epochs", "2", "--batch", "2", "--l2", "1", "--train-count", "7"];

        JsonElement json = Train(folder, options).Json;
        byte[] images = TestFiles.Images(60);
        images.AsSpan(16 + (7 * 9), 43 * 9).Fill(255);
        folder.Write(TestFiles.TrainImages, images);
        JsonElement others = Train(folder, options).Json;
        JsonElement more = Train(folder, [.. options[..^1], "8"]).Json;

        Assert.Equal(7, json.GetProperty("trainCount").GetInt32());
        Assert.Equal(10, json.GetProperty("validationCount").GetInt32());
        Assert.Equal(20, json.GetProperty("testCount").GetInt32());
        Assert.Equal(json.GetProperty("parametersSha256").GetString(), others.GetProperty("parametersSha256").GetString());
        Assert.NotEqual(json.GetProperty("parametersSha256").GetString(), more.GetProperty("parametersSha256").GetString());
    }

    [Fact]
    public void More_first_examples_than_there_are_is_refused()
    {
        using TempFolder folder = new();

        CliRunner.Run("train", "--train-count", "1296", "--out", folder.PathOf("m.safetensors"))
            .AssertBadInput("--train-count: ", "at most 1295", "got 1296");

        Assert.Empty(TestFiles.NamesIn(folder));
    }

    [Fact]
    public void A_csv_file_that_is_easy_is_learned()
    {
        using TempFolder folder = new();
        string data = folder.Write("easy.csv", TestFiles.Csv(90));

        JsonElement json = Train(folder, "--data", data, "--hidden", "5", "--epochs", "100").Json;

        Assert.Equal([2, 5, 3], json.GetProperty("layers").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal(1, json.GetProperty("testAccuracy").GetDouble());
    }

    [Fact]
    public void A_network_without_hidden_layer_is_possible()
    {
        using TempFolder folder = new();

        JsonElement json = Train(folder, "--hidden", "none", "--epochs", "1").Json;

        Assert.Equal([64, 10], json.GetProperty("layers").EnumerateArray().Select(size => size.GetInt32()));
    }

    [Theory]
    [InlineData("scaled")]
    [InlineData("xavier")]
    [InlineData("normal")]
    [InlineData("Network3")]
    public void Every_initialisation_has_its_word(string init)
    {
        using TempFolder folder = new();

        JsonElement json = Train(folder, "--hidden", "3", "--epochs", "1", "--init", init).Json;

        Assert.Equal(init, json.GetProperty("init").GetString(), ignoreCase: true);
    }

    [Fact]
    public void The_same_seed_gives_the_same_model_with_any_number_of_threads_and_another_seed_another()
    {
        using TempFolder folder = new();

        string Digest(params string[] options) =>
            Train(folder, ["--hidden", "11", "--epochs", "1", .. options]).Json.GetProperty("parametersSha256").GetString()!;

        string one = Digest("--seed", "5");
        byte[] model = File.ReadAllBytes(folder.PathOf("m.safetensors"));
        Assert.Equal(one, Digest("--seed", "5"));
        Assert.Equal(one, Digest("--seed", "5", "--threads", "3"));
        Assert.Equal(model, File.ReadAllBytes(folder.PathOf("m.safetensors")));
        Assert.NotEqual(one, Digest("--seed", "6"));
    }

    [Fact]
    public void The_digest_is_that_of_the_parameters_in_the_file()
    {
        using TempFolder folder = new();

        string digest = Train(folder, "--hidden", "4,3", "--epochs", "1").Json.GetProperty("parametersSha256").GetString()!;

        Assert.Equal(DigestOf(folder.PathOf("m.safetensors"), [64, 4, 3, 10]), digest);
    }

    [Fact]
    public void The_test_accuracy_at_the_best_epoch_is_that_of_a_run_that_ends_there()
    {
        using TempFolder folder = new();
        string[] options = ["--hidden", "8", "--learning-rate", "3", "--seed"];
        for (int seed = 1; seed <= 20; seed++)
        {
            string text = seed.ToString(CultureInfo.InvariantCulture);
            JsonElement full = Train(folder, [.. options, text, "--epochs", "6"]).Json;
            int best = full.GetProperty("bestValidationEpoch").GetInt32();
            if (best == 6)
                continue;

            JsonElement ended = Train(folder, [.. options, text, "--epochs", best.ToString(CultureInfo.InvariantCulture)]).Json;
            Assert.Equal(best, ended.GetProperty("bestValidationEpoch").GetInt32());
            Assert.Equal(ended.GetProperty("testAccuracy").GetDouble(), full.GetProperty("testAccuracyAtBest").GetDouble());
            return;
        }

        Assert.Fail("no seed of 1 to 20 has its best epoch before the last");
    }

    [Fact]
    public void Text_output_has_a_line_an_epoch_and_ends_with_accuracy_and_model()
    {
        using TempFolder folder = new();
        string model = folder.PathOf("m.safetensors");

        CliResult result = CliRunner.Run("train", "--hidden", "5", "--epochs", "12", "--seed", "3", "--out", model).AssertSuccess();

        string[] epochs = [.. CliResult.Lines(result.Output).Where(line => line.StartsWith("epoch ", StringComparison.Ordinal))];
        Assert.Equal(12, epochs.Length);
        Assert.StartsWith("epoch  1/12   cost ", epochs[0], StringComparison.Ordinal);
        Assert.EndsWith(" left", epochs[0], StringComparison.Ordinal);
        Assert.EndsWith(" examples/s", epochs[^1], StringComparison.Ordinal);
        Assert.Matches(@"test accuracy \d+\.\d\d % of 359 examples, cost ", result.Output);
        Assert.Contains($"backprop evaluate {model} --seed 3\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void A_png_plot_is_drawn()
    {
        using TempFolder folder = new();

        Train(folder, "--hidden", "3", "--epochs", "2", "--plot", folder.PathOf("p.PNG"));

        byte[] png = File.ReadAllBytes(folder.PathOf("p.PNG"));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
        Assert.Equal(900, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(800, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        Assert.Equal(["m.safetensors", "p.PNG"], TestFiles.NamesIn(folder));
    }

    [Fact]
    public void An_svg_plot_names_axes_curves_and_the_best_epoch()
    {
        using TempFolder folder = new();
        folder.Write("p.svg", "an older plot");

        JsonElement json = Train(folder, "--hidden", "3", "--epochs", "2", "--plot", folder.PathOf("p.svg")).Json;

        string text = XDocument.Load(folder.PathOf("p.svg")).Root!.Value;
        string[] expected =
        [
            "digits, 64-3-10", "epoch", "cost (mean cross-entropy, nats)", "accuracy (%)", "training, during the epoch",
            "validation, after the epoch",
            $"best validation epoch: {json.GetProperty("bestValidationEpoch").GetInt32()}", "test at the best epoch",
        ];
        Assert.All(expected, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_training_that_diverges_saves_nothing_and_fails()
    {
        using TempFolder folder = new();
        string data = folder.Write("huge.csv", string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 3}e38,{i % 3}\n")));
        string model = folder.PathOf("m.safetensors");

        CliResult result = CliRunner.Run("train", "--data", data, "--hidden", "none", "--learning-rate", "1e30", "--out", model);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("diverged, no model was saved: ", Assert.Single(CliResult.Lines(result.Error)), StringComparison.Ordinal);
        Assert.Equal(["huge.csv"], TestFiles.NamesIn(folder));
    }

    [Fact]
    public void The_defaults_learn_the_digits()
    {
        // Without vectors this takes minutes, and SameBitsTests shows that the parameters are the same there.
        Assert.SkipUnless(Levels.HardwareAccelerated, "no vectors");
        using TempFolder folder = new();
        double[] accuracies = new double[5];
        for (int seed = 1; seed <= accuracies.Length; seed++)
        {
            JsonElement json = Train(folder, "--seed", seed.ToString(CultureInfo.InvariantCulture)).Json;
            accuracies[seed - 1] = json.GetProperty("testAccuracy").GetDouble();
        }

        Assert.All(accuracies, accuracy => Assert.True(accuracy >= 0.96, string.Join(' ', accuracies)));
        Assert.True(accuracies.Average() >= 0.97, string.Join(' ', accuracies));
    }

    private static CliResult Train(TempFolder folder, params string[] options) =>
        CliRunner.Run(["train", "--out", folder.PathOf("m.safetensors"), "--json", .. options]).AssertSuccess();

    /// <summary>SHA-256 over W^l (inputs × outputs, row-major) and b^l in order, read from the file without the library.</summary>
    private static string DigestOf(string path, int[] layers)
    {
        byte[] file = File.ReadAllBytes(path);
        int headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        JsonElement header = JsonDocument.Parse(Encoding.UTF8.GetString(file, 8, headerLength)).RootElement;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int layer = 1; layer < layers.Length; layer++)
        {
            int weights = 8 + headerLength + Offset(header, $"layers.{layer - 1}.weight");
            for (int input = 0; input < layers[layer - 1]; input++)
            {
                for (int output = 0; output < layers[layer]; output++)
                    hash.AppendData(file, weights + (4 * ((output * layers[layer - 1]) + input)), 4);
            }

            hash.AppendData(file, 8 + headerLength + Offset(header, $"layers.{layer - 1}.bias"), 4 * layers[layer]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int Offset(JsonElement header, string tensor) => header.GetProperty(tensor).GetProperty("data_offsets")[0].GetInt32();
}
