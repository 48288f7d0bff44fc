using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using Backprop.Benchmarks.Startup;
using Backprop.Kernels;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Benchmarks;

/// <summary>Real processes are started here; how long they take is not looked at.</summary>
[Collection(ProcessWide.Name)]
public class StartupTests
{
    private static readonly string[] s_kernels = ["startup-predict", "startup-step", "startup-epoch"];

    [Fact]
    public void A_shape_without_an_option_has_a_row_for_every_stage_with_the_methods_that_were_compiled()
    {
        ComparisonTests.Recorder recorder = new();
        Report report = Run(recorder, new CompareInput { Quick = true, Shapes = ["startup:64-7-10"], Levels = ["naive", "auto"] });

        Assert.Empty(recorder.Failures);
        Assert.True(report.Complete);
        Assert.Equal(s_kernels, report.Rows.Select(row => row.Kernel));
        Assert.Equal(s_kernels, recorder.Kernels);
        Assert.All(report.Rows, row =>
        {
            // the naive loops are no program of their own
            Assert.Equal(("64-7-10", "auto", 1), (row.Shape, row.Level, row.Threads));
            Assert.Equal(ComparisonTests.Brief.Processes, row.Samples);
            Assert.True(row.CompiledMethods > 0 && row.JitMs > 0 && row.MedianNs > 0 && row.Gflops > 0, row.ToString());
        });
        Assert.Empty(Verdict.Of(report.Rows));
    }

    [Fact]
    public void A_level_and_another_build_are_processes_too_and_the_builds_are_held_against_each_other()
    {
        ComparisonTests.Recorder recorder = new();
        Report report = Run(recorder, new CompareInput
        {
            Quick = true,
            Shapes = ["startup:5-4-3:epoch"],
            Levels = ["scalar"],
            With = typeof(Kernel).Assembly.Location,
        });

        // a wrong result would be a failure, another build's other bits a notice
        Assert.Empty(recorder.Failures);
        Assert.DoesNotContain(recorder.Notices, notice => notice.StartsWith("startup", StringComparison.Ordinal));
        Assert.Equal(["scalar", "auto", "with"], report.Rows.Select(row => row.Level));
        Assert.Equal(ComparisonTests.Brief.Processes, Assert.Single(BuildStanding.Of(report.Rows)).Ratios.Pairs);
    }

    [Theory]
    [InlineData("onnxruntime", "predict")]
    [InlineData("libtorch", "predict", "step", "epoch")]
    public void A_peer_of_this_machine_gives_what_the_reference_gives(string name, params string[] stages)
    {
        IPeer peer = PeerList.Select(PeerAssembly.Load(), [name]).Single();
        Assert.SkipUnless(peer.Unavailable is null, $"{name}: {peer.Unavailable}");
        foreach (string stage in StartupStage.All)
        {
            StartupCase problem = new(stage, [64, 7, 10]);
            problem.Prepare();
            BoundCall? call = peer.Bind(problem, threads: 1);
            Assert.Equal(stages.Contains(stage), call is not null);
            call?.Run();
            call?.Publish?.Invoke();
            Assert.True(call is null || problem.Check() is null, $"{name} {stage}: {problem.Check()}");
        }
    }

    [Fact]
    public void The_work_is_the_same_at_every_start_and_another_at_every_stage()
    {
        Assert.Equal(3, StartupStage.All.Select(stage => StartupWork.Run(stage, [64, 7, 10])()).Distinct().Count());
        Assert.All(StartupStage.All, stage =>
            Assert.Equal(StartupWork.Run(stage, [5, 4, 3])(), StartupWork.Run(stage, [5, 4, 3])()));
    }

    [Fact]
    public void An_epoch_has_the_operations_of_its_steps()
    {
        KernelCase step = ShapeParser.Parse("startup:64-7-10:step"), epoch = ShapeParser.Parse("startup:64-7-10:epoch");
        Assert.Equal(ShapeParser.Parse("step:64-7-10:10").Flops, step.Flops);
        Assert.Equal(143.7 * step.Flops, epoch.Flops, 1e-6);
    }

    [Fact]
    public void Every_report_shows_the_methods_and_their_time()
    {
        Report report = SampleReport.Create(
            SampleReport.Row("auto", 2e8, null) with { Kernel = "startup-step", Shape = "64-7-10", CompiledMethods = 427, JitMs = 196 });
        Assert.Contains("| 64-7-10 | auto | 1 | 200 ms | ±1 % | – | 427 | 196 ms | 0 B |", MarkdownReport.Render(report), StringComparison.Ordinal);
        string page = HtmlReport.Render(report);
        Assert.Contains("<section id=\"startup\">", page, StringComparison.Ordinal);
        Assert.Contains(">427</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<section id=\"startup\">", HtmlReport.Render(PageReport.Create()), StringComparison.Ordinal);
    }

    private static Report Run(ComparisonTests.Recorder recorder, CompareInput input) =>
        new Comparison(CompareCommand.ReadOptions(input), ComparisonTests.Brief, recorder, CancellationToken.None).Run();
}
