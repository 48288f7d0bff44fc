using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class BadDataTests
{
    /// <summary>CSV files that are wrong, and what the message must name.</summary>
    public static TheoryData<string, string[]> BadCsv => new()
    {
        { "", [] },
        { "a,b,class\n", [] },
        { "1,2,0\n1,0\n", ["line 2"] },
        { "1,2,0\n1,2,3,0\n", ["line 2"] },
        { "1,2,0\n1,two,1\n", ["line 2", "two"] },
        { "1,2,0\n1,,1\n", ["line 2"] },
        { "1,2,0\n1,5,2,1\n", ["line 2"] },
        { "1;2;0\n1;2;1\n", ["line 1"] },
        { "1,2,0\n1,NaN,1\n", ["line 2", "NaN"] },
        { "1,2,0\n1,2,-1\n", ["line 2", "-1"] },
        { "1,2,0\n1,2,0.5\n", ["line 2", "0.5"] },
        { "1,2,0\n1,2,dog\n", ["line 2", "dog"] },
        { "1,2,0\n1,2,1\n", ["2 examples", "12"] },
    };

    /// <summary>Changes to one file of a good IDX folder that make it wrong, and what the message must name.</summary>
    public static TheoryData<string, string, byte[]?> BadIdx => new()
    {
        { "missing", TestFiles.TrainImages, null },
        { "missing", TestFiles.TestLabels, null },
        { "empty", TestFiles.TrainImages, [] },
        { "header cut short", TestFiles.TrainImages, TestFiles.Images(60)[..10] },
        { "truncated", TestFiles.TrainImages, TestFiles.Images(60)[..^1] },
        { "too long", TestFiles.TrainImages, [.. TestFiles.Images(60), 0] },
        { "another magic", TestFiles.TrainImages, [1, .. TestFiles.Images(60)[1..]] },
        { "another type", TestFiles.TrainImages, [0, 0, 0x0D, .. TestFiles.Images(60)[3..]] },
        { "another number of dimensions", TestFiles.TrainLabels, [0, 0, 8, 3, .. TestFiles.Labels(60)[4..]] },
        { "unequal counts", TestFiles.TrainLabels, TestFiles.Labels(59) },
        { "a label over the last class", TestFiles.TestLabels, TestFiles.Labels(20, classes: 5) },
        { "other sizes", TestFiles.TestImages, TestFiles.Images(20, side: 4) },
        { "a huge count", TestFiles.TrainImages, [0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, .. TestFiles.Images(60)[8..]] },
        { "gzip cut short", TestFiles.TrainImages, TempFolder.Gzip(TestFiles.Images(60))[..^12] },
    };

    /// <summary>Model files that are wrong.</summary>
    public static TheoryData<string, byte[]> BadModels
    {
        get
        {
            string weight = TestFiles.Tensor("layers.0.weight", "[10,64]", 0, 2560);
            string secondWeight = TestFiles.Tensor("layers.1.weight", "[3,9]", 2600, 2708);
            string secondBias = TestFiles.Tensor("layers.1.bias", "[3]", 2708, 2720);
            string overlapping = TestFiles.Tensor("layers.0.bias", "[10]", 2556, 2596);
            string shortBias = TestFiles.Tensor("layers.0.bias", "[9]", 2560, 2596);
            string bias = TestFiles.Tensor("layers.0.bias", "[10]", 2560, 2600);
            return new()
            {
                { "empty", [] },
                { "no safetensors file", [.. Enumerable.Repeat((byte)'x', 100)] },
                { "header longer than the file", TestFiles.Safetensors($"{{{weight},{bias}}}", 0)[..40] },
                { "a huge header", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, .. new byte[10]] },
                { "no JSON", TestFiles.Safetensors("{nothing", 0) },
                { "cut short", TestFiles.Safetensors($"{{{weight},{bias}}}", 2596) },
                { "overlapping tensors", TestFiles.Safetensors($"{{{weight},{overlapping}}}", 2600) },
                { "a missing tensor", TestFiles.Safetensors($"{{{weight}}}", 2560) },
                { "shapes that do not chain", TestFiles.Safetensors($"{{{weight},{bias},{secondWeight},{secondBias}}}", 2720) },
                { "a bias of another length", TestFiles.Safetensors($"{{{weight},{shortBias}}}", 2596) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(BadCsv))]
    public void A_bad_csv_file_is_named_with_its_line(string content, string[] fragments)
    {
        using TempFolder folder = new();
        string path = folder.Write("data.csv", content);

        Train(folder, path).AssertBadInput([path, .. fragments]);

        Assert.Equal(["data.csv"], TestFiles.NamesIn(folder));
    }

    [Theory]
    [MemberData(nameof(BadIdx))]
    public void A_bad_idx_file_is_named(string problem, string name, byte[]? content)
    {
        using TempFolder folder = new();
        TestFiles.WriteIdxFolder(folder);
        if (content is null)
            File.Delete(folder.PathOf(name));
        else
            folder.Write(name, content);

        CliResult result = Train(folder, folder.Path);

        TestContext.Current.SendDiagnosticMessage($"{problem}: {result.Error}");
        result.AssertBadInput(name);
        Assert.DoesNotContain("m.safetensors", TestFiles.NamesIn(folder));
    }

    [Fact]
    public void Data_that_does_not_exist_is_named()
    {
        using TempFolder folder = new();
        string path = folder.PathOf("absent");

        Train(folder, path).AssertBadInput("--data", path, "does not exist");

        Assert.Empty(TestFiles.NamesIn(folder));
    }

    [Fact]
    public void Data_of_a_single_class_is_refused()
    {
        using TempFolder folder = new();
        string path = folder.Write("data.csv", string.Concat(Enumerable.Repeat("1,2,0\n", 20)));

        Train(folder, path).AssertBadInput(path, "1 class", "at least 2");
    }

    [Theory]
    [MemberData(nameof(BadModels))]
    public void A_bad_model_file_is_named(string problem, byte[] content)
    {
        using TempFolder folder = new();
        string path = folder.Write("bad.safetensors", content);

        CliResult result = CliRunner.Run("evaluate", path);

        TestContext.Current.SendDiagnosticMessage($"{problem}: {result.Error}");
        result.AssertBadInput(path);
        CliRunner.Run("predict", path).AssertBadInput(path);
    }

    [Fact]
    public void A_model_that_does_not_exist_is_named()
    {
        using TempFolder folder = new();

        CliRunner.Run("evaluate", folder.PathOf("absent.safetensors")).AssertBadInput("MODEL", "absent.safetensors", "does not exist");
        CliRunner.Run("predict", folder.Path).AssertBadInput("MODEL", folder.Path, "folder");
    }

    [Fact]
    public void A_model_with_other_inputs_than_the_data_is_refused()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 9, outputs: 10);

        CliRunner.Run("evaluate", model).AssertBadInput(model, "9 inputs", "64");
    }

    [Fact]
    public void A_model_with_fewer_classes_than_the_data_is_refused()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 64, outputs: 9);

        CliRunner.Run("evaluate", model).AssertBadInput(model, "9 outputs", "10 classes");
        CliRunner.Run("predict", model).AssertBadInput(model, "9 outputs", "10 classes");
    }

    [Theory]
    [InlineData("1,2,3\n", "line 1", "3 columns")]
    [InlineData("1,2\n1,x\n", "line 2", "x")]
    [InlineData("", "no example")]
    public void A_bad_input_file_is_named_with_its_line(string content, params string[] fragments)
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 2, outputs: 3);
        string input = folder.Write("input.csv", content);

        CliRunner.Run("predict", model, "--input", input).AssertBadInput([input, .. fragments]);
    }

    private static CliResult Train(TempFolder folder, string data) =>
        CliRunner.Run("train", "--data", data, "--epochs", "1", "--hidden", "3", "--out", folder.PathOf("m.safetensors"));
}
