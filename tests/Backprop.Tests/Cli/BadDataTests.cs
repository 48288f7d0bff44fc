using System.Diagnostics;
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
        { "1,2,0\n1,2,60000\n", ["line 2, column 3", "60000", "0 … 999"] },
        { "O.5,2,0\n1,2,1\n", ["line 1, column 1", "O.5", "not a number"] },
        { "1,2,0\n1,2,1\n", ["2 examples", "12"] },
    };

    /// <summary>Changes to one file of a good IDX folder that make it wrong, and what the message must name.</summary>
    public static TheoryData<string, byte[]?, string[]> BadIdx => new()
    {
        { TestFiles.TrainImages, null, ["not found", "expected one of"] },
        { TestFiles.TestLabels, null, ["not found", "expected one of"] },
        { TestFiles.TrainImages, [], ["empty", "expected an IDX file"] },
        { TestFiles.TrainImages, TestFiles.Images(60)[..10], ["10 bytes", "expected 16"] },
        { TestFiles.TrainImages, TestFiles.Images(60)[..^1], ["539 bytes", "expected 540"] },
        { TestFiles.TrainImages, [.. TestFiles.Images(60), 0], ["too long", "the 540"] },
        { TestFiles.TrainImages, [1, .. TestFiles.Images(60)[1..]], ["01000803", "expected", "00000803"] },
        { TestFiles.TrainImages, [0, 0, 0x0D, .. TestFiles.Images(60)[3..]], ["type 0x0D", "expected 0x08"] },
        { TestFiles.TrainLabels, [0, 0, 8, 3, .. TestFiles.Labels(60)[4..]], ["dimensions: 3", "expected 1"] },
        { TestFiles.TrainLabels, TestFiles.Labels(59), ["59 labels", "expected 60"] },
        { TestFiles.TestLabels, TestFiles.Labels(20, classes: 5), ["label 4 at index 4", "0 … 3"] },
        { TestFiles.TestImages, TestFiles.Images(20, side: 4), ["16 pixels", "expected 9"] },
        {
            TestFiles.TrainImages,
            [0, 0, 8, 3, 0x7F, 0xFF, 0xFF, 0xFF, .. TestFiles.Images(60)[8..]],
            ["size 2147483647 of dimension 1", "expected 1 … 2147483591 elements"]
        },
        { TestFiles.TrainImages, TempFolder.Gzip(TestFiles.Images(60))[..^12], ["gzip"] },
    };

    /// <summary>Model files that are wrong, and what the message must name.</summary>
    public static TheoryData<byte[], string[]> BadModels
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
                { [], ["0 bytes", "expected a safetensors file of 8 or more"] },
                { [.. Enumerable.Repeat((byte)'x', 100)], ["header of 8680820740569200760 bytes", "expected 100000000 or less"] },
                { TestFiles.Safetensors($"{{{weight},{bias}}}", 0)[..40], ["header of ", "expected 32 or less"] },
                {
                    [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, .. new byte[10]],
                    ["header of 9223372036854775807 bytes", "expected 100000000 or less"]
                },
                { TestFiles.Safetensors("{nothing", 0), ["not valid JSON at byte 1", "expected an object of tensors"] },
                { TestFiles.Safetensors($"{{{weight},{bias}}}", 2596), ["[2560, 2600]", "expected an end within the 2596 bytes"] },
                { TestFiles.Safetensors($"{{{weight},{overlapping}}}", 2600), ["[2556, 2596] overlap", "expected a begin of 2560"] },
                { TestFiles.Safetensors($"{{{weight}}}", 2560), ["layers.0.bias is missing", "expected layers.N.weight"] },
                { TestFiles.Safetensors($"{{{weight},{bias},{secondWeight},{secondBias}}}", 2720), ["[3, 9]", "expected [outputs, 10]"] },
                { TestFiles.Safetensors($"{{{weight},{shortBias}}}", 2596), ["[9]", "expected [10]"] },
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
    public void A_bad_idx_file_is_named_with_value_and_expectation(string name, byte[]? content, string[] fragments)
    {
        using TempFolder folder = new();
        TestFiles.WriteIdxFolder(folder);
        if (content is null)
            File.Delete(folder.PathOf(name));
        else
            folder.Write(name, content);

        CliResult result = Train(folder, folder.Path);

        result.AssertBadInput([folder.PathOf(name), .. fragments]);
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pipe_is_refused_and_not_waited_for(bool throughLink)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs mkfifo");
        using TempFolder folder = new();
        string path = folder.PathOf("pipe");
        using (Process mkfifo = Process.Start("mkfifo", path))
            mkfifo.WaitForExit();
        if (throughLink)
            path = File.CreateSymbolicLink(folder.PathOf("link"), path).FullName;

        // In a process of its own: should it wait, it can be ended.
        string[] arguments = ["train", "--data", path, "--out", folder.PathOf("m.safetensors")];
        CliRunner.RunProcess(folder.Path, [], arguments).AssertBadInput(path, "is a pipe or a device", "expected a regular file");
    }

    [Fact]
    public void A_folder_with_too_few_training_images_is_refused()
    {
        using TempFolder folder = new();
        TestFiles.WriteIdxFolder(folder);
        folder.Write(TestFiles.TrainImages, TestFiles.Images(5));
        folder.Write(TestFiles.TrainLabels, TestFiles.Labels(5));

        Train(folder, folder.Path).AssertBadInput("--data", folder.Path, "5 training images", "at least 6");
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
    public void A_bad_model_file_is_named_with_value_and_expectation(byte[] content, string[] fragments)
    {
        using TempFolder folder = new();
        string path = folder.Write("bad.safetensors", content);

        CliRunner.Run("evaluate", path).AssertBadInput([path, .. fragments]);
        CliRunner.Run("predict", path).AssertBadInput([path, .. fragments]);
    }

    [Fact]
    public void A_model_of_too_many_classes_for_a_confusion_matrix_is_refused()
    {
        using TempFolder folder = new();
        string model = TestFiles.WriteModel(folder, inputs: 64, outputs: 50_000);

        CliRunner.Run("evaluate", model).AssertBadInput(model, "64-50000", "50000 outputs", "at most 4096");
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
