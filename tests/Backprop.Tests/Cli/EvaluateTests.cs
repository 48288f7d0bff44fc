using System.Text.Json;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class EvaluateTests
{
    [Fact]
    public void The_held_out_part_of_the_training_run_is_found_again()
    {
        using TempFolder folder = new();
        string model = folder.PathOf("m.safetensors");
        JsonElement trained =
            CliRunner.Run("train", "--hidden", "9", "--epochs", "2", "--seed", "4", "--out", model, "--json").AssertSuccess().Json;

        JsonElement json = CliRunner.Run("evaluate", model, "--seed", "4", "--json").AssertSuccess().Json;

        Assert.Equal(trained.GetProperty("testAccuracy").GetDouble(), json.GetProperty("accuracy").GetDouble());
        Assert.Equal(trained.GetProperty("testCost").GetDouble(), json.GetProperty("cost").GetDouble());
        Assert.Equal("test", json.GetProperty("part").GetString());
        JsonElement validation = CliRunner.Run("evaluate", model, "--seed", "4", "--part", "validation", "--json").AssertSuccess().Json;
        Assert.Equal(trained.GetProperty("validationAccuracy").GetDouble(), validation.GetProperty("accuracy").GetDouble());
        JsonElement training = CliRunner.Run("evaluate", model, "--seed", "4", "--part", "training", "--json").AssertSuccess().Json;
        Assert.Equal(trained.GetProperty("trainAccuracy").GetDouble(), training.GetProperty("accuracy").GetDouble());
    }

    [Fact]
    public void The_parts_make_up_the_whole()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 64, outputs: 10);

        int Count(string part) =>
            CliRunner.Run("evaluate", model, "--part", part, "--json").AssertSuccess().Json.GetProperty("count").GetInt32();

        Assert.Equal(1797, Count("all"));
        Assert.Equal(1797, Count("training") + Count("validation") + Count("test"));
    }

    [Fact]
    public void The_confusion_matrix_of_a_network_of_zeros_has_everything_in_its_first_column()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 2, outputs: 3);
        string data = folder.Write("d.csv", "0.5,1,0\n0.5,1,2\n2,3,2\n1,1,2\n");

        JsonElement json = CliRunner.Run("evaluate", model, "--data", data, "--json").AssertSuccess().Json;

        Assert.Equal("[[1,0,0],[0,0,0],[3,0,0]]", json.GetProperty("confusion").GetRawText());
        Assert.Equal(0.25, json.GetProperty("accuracy").GetDouble());
        Assert.Equal("all", json.GetProperty("part").GetString());
        Assert.Equal(4, json.GetProperty("count").GetInt32());

        // ln 3, rounded to float: half a unit of 2⁻²³ in [1, 2); the kernel may be off by another unit
        Assert.Equal(Math.Log(3), json.GetProperty("cost").GetDouble(), 1.5 * Math.Pow(2, -23));
    }

    [Fact]
    public void Text_output_is_a_plain_table()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 2, outputs: 3);
        string data = folder.Write("d.csv", "0.5,1,0\n0.5,1,2\n2,3,2\n1,1,2\n");

        CliResult result = CliRunner.Run("evaluate", model, "--data", data).AssertSuccess();

        Assert.Contains("accuracy 25.00 %, cost 1.0986\n", result.Output, StringComparison.Ordinal);
        string[] rows = CliResult.Lines(result.Output)[^4..];
        string[] expected = ["actual 0 1 2 recall", "0 1 . . 100.00 %", "1 . . . -", "2 3 . . 0.00 %"];
        Assert.Equal(expected, rows.Select(row => string.Join(' ', row.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Fact]
    public void Many_classes_are_left_to_json()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 1, outputs: 31);
        string data = folder.Write("d.csv", "0.5,30\n");

        Assert.Contains("--json has it", CliRunner.Run("evaluate", model, "--data", data).AssertSuccess().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_evaluated_on_its_test_files_and_on_all()
    {
        using TempFolder folder = new();
        TestFiles.WriteIdxFolder(folder);
        string model = TestFiles.WriteModel(folder, inputs: 9, outputs: 4);

        int Count(params string[] options) =>
            CliRunner.Run(["evaluate", model, "--data", folder.Path, "--json", .. options])
                .AssertSuccess().Json.GetProperty("count").GetInt32();

        Assert.Equal(20, Count());
        Assert.Equal(10, Count("--part", "validation"));
        Assert.Equal(80, Count("--part", "all"));
    }
}
