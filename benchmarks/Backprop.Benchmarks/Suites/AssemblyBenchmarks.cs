using Backprop.Benchmarks.Cases;
using Backprop.Kernels;
using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>
/// The library called directly, for the assembly it runs: the disassembler follows calls, and stops at the delegates by which the other
/// classes choose a contender.
/// </summary>
[BenchmarkCategory("assembly"), DisassemblyDiagnoser(maxDepth: 10)]
public class AssemblyBenchmarks
{
    private readonly ExpCase _exp = new(1000);
    private readonly SoftmaxCase _softmax = new(64, 1000);
    private readonly GemmCase _gemm = new(128, 512, 784, transposeA: false, transposeB: false);
    private readonly GemvCase _gemv = new(256, 256, transpose: false);

    [GlobalSetup]
    public void SetUp() => InstructionSet.VerifyProcess();

    [Benchmark]
    [KernelShape("exp:1000")]
    public void Exp() => Kernel.Exp(_exp.X, _exp.Destination);

    [Benchmark]
    [KernelShape("softmax:64x1000")]
    public void Softmax() => Kernel.Softmax(_softmax.Z, _softmax.Rows, _softmax.Columns, _softmax.Destination);

    [Benchmark]
    [KernelShape("gemm:128x512x784:nn")]
    public void Gemm() => Kernel.Gemm(
        Transpose.No, Transpose.No, _gemm.M, _gemm.N, _gemm.K, 1, _gemm.A, _gemm.Lda, _gemm.B, _gemm.Ldb, 0, _gemm.C, _gemm.N, threads: 1);

    [Benchmark]
    [KernelShape("gemv:256x256:n")]
    public void Gemv() => Kernel.Gemv(Transpose.No, _gemv.M, _gemv.N, 1, _gemv.A, _gemv.N, _gemv.X, 0, _gemv.Y);
}
