using System.Text.Json;
using Backprop.Tests.Data;
using Xunit;

namespace Backprop.Tests.Cli;

public class SameBitsTests
{
    /// <summary>
    /// What the training below has given on every machine so far. Another digest, without another default of the command, breaks a
    /// promise and takes a decision record.
    /// </summary>
    private const string Digest = "2de810dc781b39626f55abe3b1980105418d007c5650457dfb1768c8ce9ba991";

    private static readonly string[] s_training =
        ["train", "--seed", "5", "--hidden", "37,19", "--epochs", "3", "--batch", "13", "--out", "m.safetensors", "--json"];

    /// <summary>A switch of the runtime, or of the library, and the widest level it leaves.</summary>
    public static TheoryData<string, string, string> Switches => new()
    {
        { "DOTNET_EnableAVX512", "0", "v256" },
        { "DOTNET_PreferredVectorBitWidth", "128", "v128" },
        { "DOTNET_EnableAVX2", "0", "v128" },
        { "DOTNET_EnableHWIntrinsic", "0", "scalar" },
        { "BACKPROP_SIMD_LEVEL", "scalar", "scalar" },
    };

    [Fact]
    public void The_parameters_are_those_they_have_always_been() => Assert.Equal(Digest, DigestOf(Train([])));

    [Theory]
    [MemberData(nameof(Switches))]
    public void The_same_parameters_come_out_of_a_process_with_narrower_vectors(string name, string value, string widest)
    {
        JsonElement json = Train([(name, value)]);

        string[] narrowerOrEqual = widest switch
        {
            "v256" => ["v256", "v128", "scalar"],
            "v128" => ["v128", "scalar"],
            _ => ["scalar"],
        };
        Assert.Contains(json.GetProperty("simdLevel").GetString(), narrowerOrEqual);
        Assert.Equal(Digest, DigestOf(json));
    }

    private static string? DigestOf(JsonElement json) => json.GetProperty("parametersSha256").GetString();

    private static JsonElement Train((string Name, string Value)[] environment)
    {
        using TempFolder folder = new();
        return CliRunner.RunProcess(folder.Path, environment, s_training).AssertSuccess().Json;
    }
}
