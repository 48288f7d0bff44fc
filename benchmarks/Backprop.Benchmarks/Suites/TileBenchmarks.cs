using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Backprop.Kernels;
using Backprop.Simd;
using BenchmarkDotNet.Attributes;

namespace Backprop.Benchmarks.Suites;

/// <summary>
/// What the generic register tile costs against one written for 256 bits by hand: 6 × 16 elements, panels that stay in L1.
/// </summary>
[BenchmarkCategory("tile"), DisassemblyDiagnoser]
public unsafe class TileBenchmarks
{
    /// <summary>The width of both tiles.</summary>
    internal const SimdLevel Width = SimdLevel.V256;

    private const int Rows = 6, Columns = 16, Alignment = 64;

    private float* _a;
    private float* _b;
    private float* _c;

    /// <summary>The length of the chain of multiply-adds.</summary>
    [Params(256)]
    public int K { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        InstructionSet.VerifyProcess();
        _a = Allocate(Rows * K);
        _b = Allocate(Columns * K);
        _c = Allocate(Rows * Columns);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        NativeMemory.AlignedFree(_a);
        NativeMemory.AlignedFree(_b);
        NativeMemory.AlignedFree(_c);
    }

    [Benchmark(Baseline = true)]
    public void HandWritten() => HandWrittenTile.Run(K, _a, 1, Rows, _b, Columns, _c, Columns);

    [Benchmark]
    public void Generic()
    {
        PrefetchPass* passes = stackalloc PrefetchPass[2];
        passes[0] = new PrefetchPass { Address = _b, Turns = K / GemmTile.StepsPerTurn<Simd256>() };
        passes[1] = default;
        var t = new TileArguments { K = K, Lda = Rows, Ldb = Columns, Ldc = Columns, Passes = passes };
        GemmTile.Run<Simd256, Vector256<float>, N6, TwoVectors, ColumnMajor>(&t, _a, _b, _c);
    }

    private static float* Allocate(int length)
    {
        float* block = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), Alignment);
        for (int i = 0; i < length; i++) block[i] = 1f + i % 7;
        return block;
    }
}
