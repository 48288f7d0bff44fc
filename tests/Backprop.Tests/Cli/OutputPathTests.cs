using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class OutputPathTests
{
    // A run of this length would take hours: it shows that the paths are looked at first.
    private static readonly string[] s_endlessTraining = ["train", "--epochs", "100000000"];

    [Theory]
    [InlineData("--out", "m.safetensors")]
    [InlineData("--plot", "p.png")]
    public void A_folder_that_does_not_exist_is_refused_before_training(string option, string name)
    {
        using TempFolder folder = new();
        string path = Path.Combine(folder.PathOf("nowhere"), name);

        RunWith(folder, option, path).AssertBadInput(option, path);

        Assert.Empty(TestFiles.NamesIn(folder));
    }

    /// <summary>File systems take 255 characters; of 252 there is no room for the ".interrupted" of Ctrl+C.</summary>
    [Theory]
    [InlineData("--out", 300, ".safetensors")]
    [InlineData("--out", 240, ".safetensors")]
    [InlineData("--plot", 300, ".png")]
    public void A_name_that_no_file_can_have_is_refused_before_training(string option, int length, string extension)
    {
        using TempFolder folder = new();
        string name = new('a', length);

        RunWith(folder, option, folder.PathOf(name + extension)).AssertBadInput(option, name, extension, "cannot be written");

        Assert.Empty(TestFiles.NamesIn(folder));
    }

    [Theory]
    [InlineData("--out", "sub")]
    [InlineData("--plot", "sub.png")]
    public void A_folder_in_place_of_the_file_is_refused(string option, string name)
    {
        using TempFolder folder = new();
        string path = Directory.CreateDirectory(folder.PathOf(name)).FullName;

        RunWith(folder, option, path).AssertBadInput(option, path);
    }

    [Theory]
    [InlineData("p.gif")]
    [InlineData("png")]
    public void A_plot_of_another_kind_is_refused(string name)
    {
        using TempFolder folder = new();

        RunWith(folder, "--plot", folder.PathOf(name)).AssertBadInput("--plot", ".png", ".svg", name);

        Assert.Empty(TestFiles.NamesIn(folder));
    }

    [Fact]
    public void Model_and_plot_in_one_file_are_refused()
    {
        using TempFolder folder = new();
        string path = folder.PathOf("both.png");

        CliRunner.Run([.. s_endlessTraining, "--out", path, "--plot", path]).AssertBadInput("--plot", path);
    }

    [Fact]
    public void A_device_is_never_replaced_by_a_model()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no /dev/null");

        CliRunner.Run([.. s_endlessTraining, "--out", "/dev/null"]).AssertBadInput("--out", "/dev/null");

        Assert.Equal(0, new FileInfo("/dev/null").Length);
    }

    [Fact]
    public void A_folder_without_write_permission_is_refused()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "permissions do not bind this user");
        using TempFolder folder = new();
        string locked = Directory.CreateDirectory(folder.PathOf("locked")).FullName;
        if (OperatingSystem.IsWindows())
            Assert.Skip("folders have no write permission of this kind");
        else
            File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        RunWith(folder, "--out", Path.Combine(locked, "m.safetensors")).AssertBadInput("--out", locked);
    }

    [Fact]
    public void Without_out_the_model_takes_the_first_free_name()
    {
        using TempFolder folder = new();
        folder.Write("model.safetensors", "precious");

        CliResult result = CliRunner.RunProcess(folder.Path, [], "train", "--epochs", "1", "--hidden", "5").AssertSuccess();

        Assert.Equal(["model-2.safetensors", "model.safetensors"], TestFiles.NamesIn(folder));
        Assert.Equal("precious", File.ReadAllText(folder.PathOf("model.safetensors")));
        Assert.Contains("model-2.safetensors", result.Output, StringComparison.Ordinal);
    }

    private static CliResult RunWith(TempFolder folder, string option, string path) =>
        option == "--out"
            ? CliRunner.Run([.. s_endlessTraining, option, path])
            : CliRunner.Run([.. s_endlessTraining, "--out", folder.PathOf("m.safetensors"), option, path]);
}
