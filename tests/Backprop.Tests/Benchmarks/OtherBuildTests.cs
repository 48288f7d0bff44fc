using System.Reflection;
using System.Reflection.Emit;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using Backprop.Kernels;
using Backprop.Tests.Data;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Benchmarks;

[Collection(ProcessWide.Name)]
public sealed class OtherBuildTests : IDisposable
{
    private static readonly string s_own = typeof(Kernel).Assembly.Location;

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Shapes => ContenderTests.Shapes;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_library_loaded_once_more_gives_the_same_bits_through_the_same_calls(string text)
    {
        OtherBuild other = new(LibraryBuild.Load(s_own), s_own);
        foreach (int threads in new[] { 1, 2 })
        {
            KernelCase problem = ShapeParser.Parse(text);
            Assert.Null(other.Lacks(problem));
            float[][] own = Run(new BuildContender(), problem, threads), loaded = Run(other, problem, threads);
            Assert.Equal(own, loaded);
            Assert.Equal(own, Run(new AutoContender(), problem, threads));
        }
    }

    [Fact]
    public void Another_build_is_not_the_one_there_is()
    {
        LibraryBuild loaded = LibraryBuild.Load(s_own);
        string kernel = typeof(Kernel).FullName!, network = "Backprop.Networks.Network";
        Assert.Same(typeof(Kernel), LibraryBuild.Current.FindType(kernel));
        Assert.NotSame(typeof(Kernel), loaded.FindType(kernel));
        Assert.NotSame(loaded.FindType(network), LibraryBuild.Load(s_own).FindType(network));
        Assert.Equal(LibraryBuild.Current.Version, loaded.Version);
    }

    [Fact]
    public unsafe void A_method_of_another_signature_is_not_found()
    {
        LibraryBuild build = LibraryBuild.Current;
        string kernel = typeof(Kernel).FullName!;
        Assert.NotEqual(0, build.Find(kernel, "Exp", typeof(delegate*<ReadOnlySpan<float>, Span<float>, void>)));
        foreach (Type signature in new[]
        {
            typeof(delegate*<ReadOnlySpan<float>, Span<float>, float>), typeof(delegate*<Span<float>, Span<float>, void>),
            typeof(delegate*<ReadOnlySpan<float>, void>), typeof(delegate*<object, ReadOnlySpan<float>, Span<float>, void>),
            // the one that takes a level is internal
            typeof(delegate*<int, ReadOnlySpan<float>, Span<float>, void>),
        })
        {
            Assert.Throws<MissingMemberException>(() => build.Find(kernel, "Exp", signature));
        }
        Assert.Throws<MissingMemberException>(() => build.Find("Backprop.Kernels.WorkerPool", "Run", typeof(delegate*<void>)));
    }

    [Fact]
    public void The_library_held_against_itself_has_rows_for_both_and_no_difference()
    {
        ComparisonTests.Recorder recorder = new();
        CompareOptions options = CompareCommand.ReadOptions(new CompareInput
        {
            Quick = true,
            Shapes = ["exp:100", "gemm:5x7x9:nt", "ger:5x7", "adam:33", "step:7-5-3:6", "predict:7-5-3:6"],
            Levels = ["scalar"],
            With = s_own,
        });
        Report report = new Comparison(options, ComparisonTests.Brief, recorder, CancellationToken.None).Run();

        Assert.Empty(recorder.Failures);
        Assert.DoesNotContain(recorder.Notices, notice => notice.Contains("bits", StringComparison.Ordinal));
        Assert.True(report.Complete);
        Assert.Equal(18, report.Rows.Count);
        Assert.All(report.Rows.Chunk(3), rows => Assert.Equal(["scalar", "auto", "with"], rows.Select(row => row.Level)));
        Assert.All(report.Rows, row => Assert.Equal(0, row.AllocatedBytes));
        Assert.All(report.Rows, row => Assert.Equal(row.Level == "auto", row.OtherBuild is not null));
        Assert.All(BuildStanding.Of(report.Rows), standing => Assert.InRange(standing.Ratio, 0.01, 100));
        Assert.Equal(["scalar", "auto"], report.Training.Select(row => row.Level));
        PeerReport peer = Assert.Single(report.Peers);
        Assert.Equal(("with", LibraryBuild.Current.Version), (peer.Name, peer.Version));
        Assert.EndsWith(s_own, peer.Kernel, StringComparison.Ordinal);
        Assert.Contains("<section id=\"builds\">", HtmlReport.Render(report), StringComparison.Ordinal);
        Assert.DoesNotContain("<section id=\"peers\">", HtmlReport.Render(report), StringComparison.Ordinal);
        Assert.Contains("## Against another build", MarkdownReport.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_build_lacks_is_left_out_with_a_line_and_what_it_does_wrong_is_not_timed()
    {
        ComparisonTests.Recorder recorder = new();
        CompareOptions options = CompareCommand.ReadOptions(new CompareInput
        {
            Quick = true,
            Shapes = ["exp:100", "log:100", "log:200", "step:7-5-3:6", "startup:7-5-3:step"],
            Levels = ["auto"],
            With = WriteBuildWhoseExpDoesNothing(),
        });
        Report report = new Comparison(options, ComparisonTests.Brief, recorder, CancellationToken.None).Run();

        Assert.All(report.Rows, row => Assert.Equal("auto", row.Level));
        Assert.StartsWith("exp 100 at level with is wrong and was not timed", Assert.Single(recorder.Failures), StringComparison.Ordinal);
        Assert.Equal(
            [
                "log at level with left out: it has no public Backprop.Kernels.Kernel.Log with this build's parameters",
                "step at level with left out: it has no public Backprop.Networks.Network",
                "startup-step 7-5-3 at level with left out: Could not load type 'Backprop.Networks.Network' from assembly 'Backprop",
            ],
            recorder.Notices.Where(notice => notice.Contains("left out", StringComparison.Ordinal)).Select(notice => notice.Split(',')[0]));
    }

    [Fact]
    public void A_file_that_is_no_build_of_the_library_is_refused_in_one_line_that_names_it()
    {
        string text = Path.Combine(_folder.Path, "text.dll");
        File.WriteAllText(text, "not an assembly");
        foreach ((string path, string reason) in new[]
        {
            (Path.Combine(_folder.Path, "absent.dll"), "no such file"), (_folder.Path, "no such file"),
            (text, "cannot be loaded as an assembly ("),
            (typeof(FactAttribute).Assembly.Location, "the assembly xunit.v3.core has no public type Backprop.Kernels.Kernel"),
        })
        {
            InputException exception = Assert.Throws<InputException>(
                () => CompareCommand.ReadOptions(new CompareInput { Quick = true, With = path }));
            Assert.StartsWith($"--with {path}: {reason}", exception.Message, StringComparison.Ordinal);
            Assert.EndsWith("; expected the Backprop.dll of another build of the library", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', exception.Message);
        }
    }

    [Fact]
    public void Results_that_are_not_the_same_bits_are_told()
    {
        ComparisonTests.Recorder recorder = new();
        BuildAgreement agreement = new(recorder);
        var problem = (CrossEntropyCase)ShapeParser.Parse("cross-entropy:3x17");
        Run(new BuildContender(), problem, threads: 1);
        agreement.Add(problem, "auto");
        agreement.Add(problem, "with");
        Assert.Empty(recorder.Notices);
        problem.Delta[20] = MathF.BitIncrement(problem.Delta[20]);
        agreement.Add(problem, "scalar");
        Assert.Empty(recorder.Notices);
        agreement.Add(problem, "with");
        Assert.StartsWith(
            "cross-entropy 3x17: not the same bits in both builds, though right in each: delta[20] is ",
            Assert.Single(recorder.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Builds_are_timed_in_turns_that_say_how_many_times_as_long_one_takes()
    {
        BuildDuel duel = new(ComparisonTests.Brief, threads: 1, CancellationToken.None);
        static void Work(int rounds)
        {
            for (int i = 0; i < rounds; i++)
                Thread.SpinWait(1000);
        }

        BuildRatio ratio = duel.Run(() => Work(1), () => Work(10));
        Assert.InRange(ratio.Median, 5, 20);
        Assert.InRange(ratio.Median, ratio.Lower, ratio.Upper);
        Assert.True(ratio.Pairs >= 3, $"{ratio}");
        Assert.InRange(duel.Run(() => Work(10), () => Work(1)).Median, 0.05, 0.2);
    }

    [Fact]
    public void The_ratio_is_the_old_time_over_the_new_and_the_least_is_named()
    {
        Report report = SampleReport.Create(
            SampleReport.Row("auto", 100, null) with { OtherBuild = new(1.6, 1.59, 1.61, 500) }, SampleReport.Row("with", 160, null),
            SampleReport.Row("openblas", 200, null),
            SampleReport.Row("auto", 250, null) with { Shape = "2x2x2", Threads = 2, OtherBuild = new(0.8, 0.7, 0.9, 500) },
            SampleReport.Row("with", 200, null) with { Shape = "2x2x2", Threads = 2 },
            // the noise is as large as the difference
            SampleReport.Row("auto", 100, null) with { Shape = "3x3x3", OtherBuild = new(0.9, 0.8, 1.01, 500) },
            SampleReport.Row("with", 90, null) with { Shape = "3x3x3" });
        report = report with { Peers = [.. report.Peers, new PeerReport("with", "0.1.0", 1, "old.dll")] };
        Assert.Equal([1.6, 0.8, 0.9], BuildStanding.Of(report.Rows).Select(standing => standing.Ratio));
        Assert.Equal(
            "old / new: 1.048 in the geometric mean of 3 shapes; the least is 0.800, at gemm-nt 2x2x2 on 2 threads; slower beyond the noise"
            + " at 1",
            BuildText.Summary(report));
        // another build is not another program
        Assert.Equal("openblas", Assert.Single(PeerStanding.Of(report)).Best.Level);
        string[] lines = MarkdownReport.Render(report).Split('\n');
        Assert.Contains("| `gemm-nt` 2x2x2 | 2 | 250 ns | 200 ns | **0.800** |", lines);
        Assert.Contains("| `gemm-nt` 3x3x3 | 1 | 100 ns | 90.0 ns | 0.900, within the noise |", lines);
        Assert.Null(BuildText.Summary(SampleReport.Create(SampleReport.Row("auto", 100, null))));
    }

    private static float[][] Run(IContender contender, KernelCase problem, int threads)
    {
        BoundCall call = contender.Bind(problem, threads)!;
        problem.Reset();
        call.Run();
        call.Publish?.Invoke();
        Assert.Null(problem.Check());
        return [.. problem.Results.Select(result => result.Values.ToArray())];
    }

    private string WriteBuildWhoseExpDoesNothing()
    {
        PersistedAssemblyBuilder assembly = new(new AssemblyName("Backprop"), typeof(object).Assembly);
        TypeBuilder kernel = assembly.DefineDynamicModule("Backprop").DefineType(
            typeof(Kernel).FullName!, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        MethodBuilder exp = kernel.DefineMethod(
            "Exp", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [typeof(ReadOnlySpan<float>), typeof(Span<float>)]);
        exp.GetILGenerator().Emit(OpCodes.Ret);
        kernel.CreateType();
        string path = Path.Combine(_folder.Path, "Backprop.dll");
        assembly.Save(path);
        return path;
    }
}
