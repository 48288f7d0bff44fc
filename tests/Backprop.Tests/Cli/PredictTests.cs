using System.Globalization;
using System.Text.Json;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class PredictTests
{
    [Fact]
    public void Csv_rows_have_a_header_and_probabilities_that_sum_to_1()
    {
        using TempFolder folder = new();
        string model = folder.PathOf("m.safetensors");
        CliRunner.Run("train", "--hidden", "9", "--epochs", "2", "--out", model).AssertSuccess();

        string[] lines = CliResult.Lines(CliRunner.Run("predict", model, "--count", "200").AssertSuccess().Output);

        Assert.Equal("index,class,actual,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9", lines[0]);
        Assert.Equal(201, lines.Length);
        for (int i = 0; i < 200; i++)
        {
            string[] fields = lines[i + 1].Split(',');
            float[] probabilities = [.. fields[3..].Select(field => float.Parse(field, CultureInfo.InvariantCulture))];
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), fields[0]);
            Assert.Equal(probabilities.IndexOf(probabilities.Max()).ToString(CultureInfo.InvariantCulture), fields[1]);

            // ten probabilities of at most 1, each off by less than 4 units of 2⁻²⁴
            Assert.Equal(1.0, probabilities.Sum(p => (double)p), 40 * Math.Pow(2, -24));
        }
    }

    [Fact]
    public void The_classes_are_those_that_evaluate_counts()
    {
        using TempFolder folder = new();
        string model = folder.PathOf("m.safetensors");
        CliRunner.Run("train", "--hidden", "9", "--epochs", "2", "--seed", "2", "--out", model).AssertSuccess();
        CliResult evaluation = CliRunner.Run("evaluate", model, "--seed", "2", "--json").AssertSuccess();
        double accuracy = evaluation.Json.GetProperty("accuracy").GetDouble();

        JsonElement[] rows =
        [
            .. CliResult.Lines(CliRunner.Run("predict", model, "--seed", "2", "--json").AssertSuccess().Output)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];

        Assert.Equal(359, rows.Length);
        Assert.Equal(accuracy, rows.Count(row => row.GetProperty("class").GetInt32() == row.GetProperty("actual").GetInt32()) / 359.0);
        Assert.All(rows, row => Assert.Equal(10, row.GetProperty("probabilities").GetArrayLength()));
    }

    [Theory]
    [InlineData("a,b\n1,2\n3,4\n5,6\n")]
    [InlineData("1,2\n3,4\n5,6")]
    public void Examples_without_class_are_predicted(string input)
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 2, outputs: 4);

        CliResult result = CliRunner.Run("predict", model, "--input", folder.Write("in.csv", input)).AssertSuccess();

        // all parameters are zero, so every class has exp(0)/4
        Assert.Equal("index,class,p0,p1,p2,p3\n0,0,0.25,0.25,0.25,0.25\n1,0,0.25,0.25,0.25,0.25\n2,0,0.25,0.25,0.25,0.25\n", result.Output);
    }

    [Fact]
    public void A_single_column_of_inputs_is_enough()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 1, outputs: 2);

        CliResult result = CliRunner.Run("predict", model, "--input", folder.Write("in.csv", "x\n7\n"), "--json").AssertSuccess();

        Assert.Equal("{\"index\":0,\"class\":0,\"actual\":null,\"probabilities\":[0.5,0.5]}\n", result.Output);
    }

    [Fact]
    public void More_than_there_are_is_all()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 2, outputs: 3);
        string data = folder.Write("d.csv", "0.5,1,0\n0.5,1,2\n");

        Assert.Equal(3, CliResult.Lines(CliRunner.Run("predict", model, "--data", data, "--count", "99").AssertSuccess().Output).Length);
    }
}
