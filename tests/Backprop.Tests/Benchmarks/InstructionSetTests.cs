using Backprop.Benchmarks.Suites;
using BenchmarkDotNet.Jobs;
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
            Assert.Equal($"Dry, {set.Name}", job.ResolvedId);
            Assert.Contains(job.Environment.EnvironmentVariables, variable => variable.Key == set.Switch && variable.Value == "0");
            Assert.Same(set, InstructionSet.Of(job));
        }
        Assert.Null(InstructionSet.Of(InstructionSet.Default.Apply(Job.Default, "")));
    }

    [Fact]
    public void Jobs_are_made_from_the_one_named_on_the_command_line()
    {
        string[] usual = [.. SuiteConfig.Create([]).GetJobs().Select(job => job.ResolvedId)];
        Assert.Equal("default", usual[0]);
        string[] dry = [.. SuiteConfig.Create(["--filter", "*", "--job", "Dry"]).GetJobs().Select(job => job.ResolvedId)];
        // BenchmarkDotNet adds the Dry job itself
        Assert.Equal(usual.Skip(1).Select(id => $"Dry, {id}"), dry);
    }

    [Fact]
    public void A_shape_is_filled_with_the_parameters() =>
        Assert.Equal(
            "gemm:5x6x7:nn",
            new KernelShapeAttribute("gemm:{Size}:nn").Fill(new Dictionary<string, object?> { ["Size"] = "5x6x7", ["Level"] = "auto" }));
}
