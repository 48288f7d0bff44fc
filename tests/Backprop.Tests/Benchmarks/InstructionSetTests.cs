using Backprop.Benchmarks.Suites;
using Backprop.Simd;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using Xunit;

namespace Backprop.Tests.Benchmarks;

public class InstructionSetTests
{
    [Fact]
    public void A_job_carries_the_switch_and_is_recognised_again()
    {
        foreach (InstructionSet set in InstructionSet.Restricted)
        {
            Job job = set.Apply(Job.Dry, "Dry");
            Assert.Equal($"Dry {set.Name}", job.ResolvedId);
            Assert.Contains(job.Environment.EnvironmentVariables, variable => variable.Key == set.Switch && variable.Value == "0");
            Assert.Same(set, InstructionSet.Of(job));
        }
        Assert.Same(InstructionSet.Default, InstructionSet.Of(InstructionSet.Default.Apply(Job.Default, "")));
        Assert.Null(InstructionSet.Of(Job.Dry));
    }

    [Fact]
    public void Jobs_are_made_from_the_one_named_on_the_command_line()
    {
        string[] usual = [.. SuiteConfig.Create([]).GetJobs().Select(job => job.ResolvedId)];
        Assert.Equal("default", usual[0]);
        string[] dry = [.. SuiteConfig.Create(["--filter", "*", "--job", "Dry"]).GetJobs().Select(job => job.ResolvedId)];
        // BenchmarkDotNet adds the Dry job itself
        Assert.Equal(usual.Skip(1).Select(id => $"Dry {id}"), dry);
    }

    [Fact]
    public void A_shape_is_filled_with_the_parameters() =>
        Assert.Equal(
            "gemm:5x6x7:nn",
            new KernelShapeAttribute("gemm:{Size}:nn").Fill(new Dictionary<string, object?> { ["Size"] = "5x6x7", ["Level"] = "auto" }));

    [Fact]
    public void A_process_is_refused_unless_its_widest_level_is_the_one_its_job_says()
    {
        foreach (InstructionSet set in InstructionSet.Restricted)
        {
            foreach (SimdLevel widest in Enum.GetValues<SimdLevel>())
            {
                Exception? exception = Record.Exception(() => InstructionSet.Verify(set.Name, set.Widest, widest, set.Switch));
                Assert.Equal(widest == set.Widest, exception is null);
                Assert.True(exception is null || exception.Message.Contains(set.Name, StringComparison.Ordinal), exception?.Message);
            }
        }
        Assert.Throws<InvalidOperationException>(() => InstructionSet.Verify("no such set", SimdLevel.Scalar, SimdLevel.Scalar, null));
    }

    [Theory]
    [InlineData("default")]
    [InlineData(null)]
    public void A_process_of_the_default_job_is_refused_when_instructions_are_switched_off(string? name)
    {
        InstructionSet.Verify(name, SimdLevel.V128, SimdLevel.V128, switchedOff: null);
        Assert.Throws<InvalidOperationException>(() => InstructionSet.Verify(name, SimdLevel.V256, SimdLevel.V128, switchedOff: null));
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
            () => InstructionSet.Verify(name, SimdLevel.V256, SimdLevel.V256, switchedOff: "DOTNET_EnableAVX512"));
        Assert.Contains("DOTNET_EnableAVX512=0", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_width_is_left_out_of_the_jobs_that_would_run_it_in_software()
    {
        foreach (InstructionSet set in InstructionSet.Restricted.Prepend(InstructionSet.Default))
        {
            Assert.True(SuiteConfig.IsAccelerated(null, set));
            foreach (SimdLevel width in Enum.GetValues<SimdLevel>())
                Assert.Equal(SimdSupport.IsSupported(width) && width <= set.Widest, SuiteConfig.IsAccelerated(width, set));
        }
    }

    [Fact]
    public void The_tiles_of_256_bits_run_only_where_the_job_has_them()
    {
        BenchmarkRunInfo run = BenchmarkConverter.TypeToBenchmarks(typeof(TileBenchmarks), SuiteConfig.Create([]));
        foreach (BenchmarkCase benchmark in run.BenchmarksCases)
        {
            InstructionSet? set = InstructionSet.Of(benchmark.Job);
            Assert.NotNull(set);
            Assert.True(set.Widest >= SimdLevel.V256 && SimdSupport.IsSupported(SimdLevel.V256), benchmark.DisplayInfo);
        }
    }
}
