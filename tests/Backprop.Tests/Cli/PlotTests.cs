using System.Buffers.Binary;
using System.Xml.Linq;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class PlotTests
{
    private const string Header = "epoch,trainCost,trainAccuracy,validationCost,validationAccuracy,seconds,examplesPerSecond";

    [Fact]
    public void Runs_and_published_values_are_named_in_one_picture()
    {
        using TempFolder folder = new();
        string one = folder.Write("run one.csv", $"{Header}\r\n1,2,0.5,2,0.25,1,10\r\n2,1,0.75,1,0.5,1,10\r\n");
        string two = folder.Write("run two.csv", $"{Header}\r\n1,2,0.5,2,0.75,1,10\r\n");
        string picture = folder.PathOf("p.svg");

        CliResult result = CliRunner.Run(
            "plot", one, two, "--title", "a title", "--published", "first=1:92.7", "a=b, end=96.5", "--out", picture).AssertSuccess();

        Assert.Equal($"plot: {picture}\n", result.Output);
        string text = XDocument.Load(picture).Root!.Value;
        string[] expected =
            ["a title", "run one", "run two", "published: first", "published: a=b, end", "epoch", "validation accuracy (%)"];
        Assert.All(expected, part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_train_measured_is_drawn_as_png()
    {
        using TempFolder folder = new();
        string metrics = folder.PathOf("m.csv");
        CliRunner.Run("train", "--hidden", "3", "--epochs", "2", "--metrics", metrics, "--out", folder.PathOf("m.safetensors"))
            .AssertSuccess();

        CliRunner.Run("plot", metrics, "--out", folder.PathOf("p.png")).AssertSuccess();

        byte[] png = File.ReadAllBytes(folder.PathOf("p.png"));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], png[..4]);
        Assert.Equal(900, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(500, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    [Theory]
    [InlineData("", "line 1", Header)]
    [InlineData("epoch,accuracy\n1,0.5\n", "line 1", Header)]
    [InlineData(Header + "\r\n", "no epoch")]
    [InlineData(Header + "\r\n1,2,0.5,2,0.25,1,10\r\n2,1,0.75\r\n", "line 3", "7 numbers", "'2,1,0.75'")]
    [InlineData(Header + "\r\n1,2,0.5,,,1,10\r\n", "line 2", "7 numbers")]
    [InlineData(Header + "\r\n1,2,0.5,2,NaN,1,10\r\n", "line 2", "NaN")]
    public void A_file_that_is_no_metrics_is_refused(string content, params string[] fragments)
    {
        using TempFolder folder = new();
        string file = folder.Write("bad.csv", content);

        CliRunner.Run("plot", file, "--out", folder.PathOf("p.png")).AssertBadInput([file, .. fragments]);

        Assert.Equal(["bad.csv"], TestFiles.NamesIn(folder));
    }

    [Fact]
    public void A_file_that_is_not_there_and_a_picture_of_another_kind_are_refused()
    {
        using TempFolder folder = new();
        string missing = folder.PathOf("missing.csv");

        CliRunner.Run("plot", missing, "--out", folder.PathOf("p.png")).AssertBadInput(missing);
        CliRunner.Run("plot", missing, "--out", folder.PathOf("p.gif")).AssertBadInput("--out", ".png or .svg", "p.gif");

        Assert.Empty(TestFiles.NamesIn(folder));
    }
}
