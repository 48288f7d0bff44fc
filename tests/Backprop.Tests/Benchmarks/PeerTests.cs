using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Benchmarks;

[Collection(ProcessWide.Name)]
public class PeerTests
{
    // what each has at least; the others are libraries of the machine, which may not have them
    private static readonly Dictionary<string, string[]> s_kernels = new()
    {
        ["openblas"] = ["gemm-nn", "gemm-nt", "gemm-tn", "gemm-tt", "gemv-n", "gemv-t", "ger"],
        ["blis"] = ["gemm-nn", "gemm-nt", "gemm-tn", "gemm-tt", "gemv-n", "gemv-t", "ger"],
        ["mkl"] = ["gemm-nn", "gemm-nt", "gemm-tn", "gemm-tt", "gemv-n", "gemv-t", "ger"],
        ["mathnet"] = ["gemm-nn", "gemm-nt", "gemm-tn", "gemm-tt", "gemv-n", "gemv-t", "exp", "log"],
        ["cpumath"] = ["gemv-n", "gemv-t", "ger"],
        ["numsharp"] = ["gemm-nn", "gemm-nt", "gemm-tn", "gemm-tt", "gemv-n", "gemv-t", "exp", "log"],
        ["onnxruntime"] = ["predict"],
        ["libtorch"] =
        [
            "gemm-nn", "gemm-nt", "gemm-tn", "gemm-tt", "gemv-n", "gemv-t", "exp", "log", "sigmoid", "softmax", "log-softmax", "step",
            "predict",
        ],
    };

    public static TheoryData<string> Names => [.. s_kernels.Keys];

    [Fact]
    public void The_peers_come_in_the_order_of_reports() =>
        Assert.Equal(PeerList.Names, PeerAssembly.Load().Select(peer => peer.Name));

    [Fact]
    public void Every_peer_is_tested() => Assert.Equal(PeerList.Names.Order(), s_kernels.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_peer_of_this_machine_gives_what_the_reference_gives_and_tells_its_version(string name)
    {
        IPeer peer = PeerList.Select(PeerAssembly.Load(), [name]).Single();
        Assert.SkipUnless(peer.Unavailable is null, $"{name}: {peer.Unavailable}");
        HashSet<string> bound = [];
        foreach (int threads in new[] { 1, Math.Min(2, Environment.ProcessorCount) })
        {
            foreach (string text in ContenderTests.Shapes.Select(row => row.Data))
            {
                KernelCase problem = ShapeParser.Parse(text);
                if (peer.Bind(problem, threads) is not BoundCall call)
                    continue;
                bound.Add(problem.Kernel);
                problem.Reset();
                call.Run();
                call.Publish?.Invoke();
                Assert.True(problem.Check() is null, $"{name} {text}: {problem.Check()}");
            }
        }
        Assert.Equal(s_kernels[name].Order(), bound.Order());
        PeerReport report = peer.Describe(1);
        Assert.Equal((name, 1), (report.Name, report.Threads));
        Assert.Matches(@"\d+\.\d+", report.Version);
    }

    [Fact]
    public void A_peer_that_is_not_there_says_why_in_one_line() =>
        Assert.All(PeerAssembly.Load().Select(peer => peer.Unavailable).OfType<string>(), reason => Assert.DoesNotContain('\n', reason));

    [Fact]
    public void Named_peers_are_chosen_and_without_names_all()
    {
        IPeer[] peers = [new Peer("one"), new Peer("two")];
        Assert.Equal(peers, PeerList.Select(peers, []));
        Assert.Equal(peers[1..], PeerList.Select(peers, ["two"]));
    }

    [Fact]
    public void A_missing_peer_is_told_about_and_a_wrong_one_is_not_timed()
    {
        ComparisonTests.Recorder recorder = new();
        CompareOptions options = CompareCommand.ReadOptions(new() { Quick = true, Shapes = ["exp:100"], Levels = ["scalar"] }) with
        {
            MissingPeers = [new Peer("absent") { Unavailable = "it is not there" }],
        };
        options = options with { Contenders = [.. options.Contenders, new Peer("right") { Factor = 1 }, new Peer("wrong") { Factor = 2 }] };
        Report report = new Comparison(options, ComparisonTests.Brief, recorder, CancellationToken.None).Run();
        Assert.Equal(["scalar", "right"], report.Rows.Select(row => row.Level));
        Assert.Equal(["right", "wrong"], report.Peers.Select(peer => peer.Name));
        Assert.Contains("peer absent left out: it is not there", recorder.Notices);
        Assert.StartsWith("exp 100 at level wrong is wrong and was not timed", Assert.Single(recorder.Failures), StringComparison.Ordinal);
        Assert.False(report.Complete);
    }

    private sealed class Peer(string name) : IPeer
    {
        public string Name => name;

        public string? Unavailable { get; init; }

        public float Factor { get; init; }

        public PeerReport Describe(int threads) => new(name, "1.0", threads, "");

        public BoundCall? Bind(KernelCase problem, int threads) => problem is ExpCase exp
            ? new(() =>
            {
                for (int i = 0; i < exp.X.Length; i++)
                    exp.Destination[i] = Factor * MathF.Exp(exp.X[i]);
            })
            : null;
    }
}
