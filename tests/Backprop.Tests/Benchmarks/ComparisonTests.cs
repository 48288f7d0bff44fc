using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Reports;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Benchmarks;

[Collection(ProcessWide.Name)]
public class ComparisonTests
{
    // a hundredth of the real times: what is found is not to be trusted, only how it is found
    internal static readonly TimeBudget Brief = new(
        KernelWarmUp: TimeSpan.FromMilliseconds(1), ShapeWarmUp: TimeSpan.FromMilliseconds(1), Sample: TimeSpan.FromMilliseconds(0.1),
        Samples: 3, Repeats: TimeSpan.FromSeconds(1), TrainingEpochs: 1,
        Processes: 3);

    [Fact]
    public void A_comparison_has_a_row_for_every_shape_and_level_and_a_training_run_with_equal_parameters()
    {
        Recorder recorder = new();
        CompareOptions options = CompareCommand.ReadOptions(new CompareInput
        {
            Quick = true,
            Shapes = ["exp:100", "gemv:5x7:n", "exp:200"],
            Levels = ["naive", "scalar", "auto"],
        });
        Report report = new Comparison(options, Brief, recorder, CancellationToken.None).Run();

        Assert.Empty(recorder.Failures);
        Assert.True(report.Complete);
        // shapes of one kernel stand together, in the order they were named
        Assert.Equal(
            ["exp 100", "exp 200", "gemv-n 5x7"], report.Rows.Select(row => $"{row.Kernel} {row.Shape}").Distinct());
        Assert.All(report.Rows.Chunk(3), rows => Assert.Equal(["naive", "scalar", "auto"], rows.Select(row => row.Level)));
        Assert.All(report.Rows, row =>
        {
            Assert.Equal(1, row.Threads);
            // samples that spread too wide are taken again, twice at most
            Assert.True(row.Samples is 3 or 6 or 9, row.ToString());
            Assert.True(row.MedianNs > 0 && row.OfLimit > 0 && row.Gbps > 0, row.ToString());
            Assert.True(row.Gflops > 0, row.ToString());
            Assert.Equal(0, row.AllocatedBytes);
        });
        Assert.All(report.Rows.Where(row => row.Level == "scalar"), row => Assert.Equal(1, row.OverScalar));
        Assert.Equal(["scalar", "auto"], report.Training.Select(row => row.Level));
        Assert.Single(report.Training.Select(row => row.ParametersSha256).Distinct());
        Assert.Equal(["exp", "gemv-n"], recorder.Kernels);
    }

    [Fact]
    public void An_interrupted_comparison_keeps_what_it_has_and_says_that_it_is_not_complete()
    {
        using CancellationTokenSource cancellation = new();
        Recorder recorder = new() { AfterKernel = cancellation.Cancel };
        CompareOptions options = CompareCommand.ReadOptions(
            new CompareInput { Quick = true, Shapes = ["exp:100", "log:100"], Levels = ["scalar"] });
        Report report = new Comparison(options, Brief, recorder, cancellation.Token).Run();

        Assert.False(report.Complete);
        Assert.Equal("exp", Assert.Single(report.Rows).Kernel);
        Assert.Empty(report.Training);
    }

    internal sealed class Recorder : IComparisonObserver
    {
        public List<string> Kernels { get; } = [];

        public List<string> Failures { get; } = [];

        public List<string> Notices { get; } = [];

        public Action? AfterKernel { get; init; }

        public void Started(MachineReport machine)
        {
        }

        public void PeersFound(IReadOnlyList<PeerReport> peers)
        {
        }

        public void PartStarted(string part, int number, int count, TimeSpan remaining)
        {
        }

        public void LimitsMeasured(LimitsReport limits)
        {
        }

        public void KernelFinished(string kernel, IReadOnlyList<RowReport> rows)
        {
            Kernels.Add(kernel);
            AfterKernel?.Invoke();
        }

        public void TrainingFinished(IReadOnlyList<TrainingReport> rows)
        {
        }

        public void Noticed(string message) => Notices.Add(message);

        public void Failed(string message) => Failures.Add(message);
    }
}
