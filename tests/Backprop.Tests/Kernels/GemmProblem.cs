using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;

namespace Backprop.Tests.Kernels;

/// <summary>One product with its operands, and the two orders of operations the documentation promises for it.</summary>
internal sealed record GemmProblem(Transpose TransposeA, Transpose TransposeB, int M, int N, int K)
{
    public float Alpha { get; init; } = 1;

    public float Beta { get; init; }

    /// <summary>How much longer strides are than rows.</summary>
    public int Extra { get; init; }

    public int Seed { get; init; } = 1;

    /// <summary>Whole numbers up to this magnitude; 0 for numbers between −1 and 1.</summary>
    public int LargestInteger { get; init; }

    public bool IsTransposedA => TransposeA == Transpose.Yes;

    public bool IsTransposedB => TransposeB == Transpose.Yes;

    public int Lda => Math.Max(1, ColumnsOfA) + Extra;

    public int Ldb => Math.Max(1, ColumnsOfB) + Extra;

    public int Ldc => Math.Max(1, N) + Extra;

    public float[] A => Inputs.Strided(Numbers(Seed, RowsOfA * ColumnsOfA), RowsOfA, ColumnsOfA, Lda);

    public float[] B => Inputs.Strided(Numbers(Seed + 1, RowsOfB * ColumnsOfB), RowsOfB, ColumnsOfB, Ldb);

    public float[] C => Inputs.Strided(Numbers(Seed + 2, M * N), M, N, Ldc);

    /// <summary>What a plan is made from.</summary>
    public GemmShape Shape => new()
    {
        M = M,
        N = N,
        K = K,
        IsColumnMajorA = IsTransposedA,
        StrideOfA = Lda,
        IsTransposedB = IsTransposedB,
        StrideOfB = Ldb,
        StrideOfC = Ldc,
        IsScaled = Alpha != 1,
        ReadsC = Beta != 0,
        IsDots = IsMadeOfDots,
    };

    private int RowsOfA => IsTransposedA ? K : M;

    private int ColumnsOfA => IsTransposedA ? M : K;

    private int RowsOfB => IsTransposedB ? N : K;

    private int ColumnsOfB => IsTransposedB ? K : N;

    // Where rows of A meet rows of B, few of the one or the other, their dot products are promised to be those of Gemv.
    private bool IsMadeOfDots =>
        !IsTransposedA && IsTransposedB && (M <= 4 || (M <= 32 && K >= 8 * M) || (N <= 8 && K >= 16 * N));

    public static IEnumerable<GemmProblem> Transpositions(int m, int n, int k) =>
        from transposeA in Enum.GetValues<Transpose>()
        from transposeB in Enum.GetValues<Transpose>()
        select new GemmProblem(transposeA, transposeB, m, n, k);

    public override string ToString() =>
        FormattableString.Invariant($"{M}×{N}×{K} {TransposeA} {TransposeB}, alpha {Alpha}, beta {Beta}, strides + {Extra}, seed {Seed}");

    /// <summary>C after the kernel ran, padding included.</summary>
    public float[] Run(SimdLevel level, int threads = 1) => Run(level, A, B, C, threads);

    public float[] Run(SimdLevel level, float[] a, float[] b, float[] c, int threads = 1)
    {
        Kernel.Gemm(level, TransposeA, TransposeB, M, N, K, Alpha, a, Lda, b, Ldb, Beta, c, Ldc, threads);
        return c;
    }

    /// <summary>C after the kernel ran as it is planned for other caches, padding included.</summary>
    public unsafe float[] Run(SimdLevel level, CacheSizes caches)
    {
        (float[] a, float[] b, float[] c) = (A, B, C);
        fixed (float* left = a, right = b, target = c)
        {
            SimdDispatch.Run(level, new PlannedCall(caches, new GemmArguments
            {
                Shape = Shape,
                Alpha = Alpha,
                Beta = Beta,
                OriginOfA = left,
                OriginOfB = right,
                C = target,
                Threads = 1,
            }));
        }
        return c;
    }

    private readonly struct PlannedCall(CacheSizes caches, GemmArguments product) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            GemmBlocks.Run<TSimd, TVector>(product, GemmPlan.Create(product.Shape, TileShape.Of(TSimd.Level), caches));
    }

    /// <summary>C as the promised order of operations makes it, padding included.</summary>
    public float[] Expected() => Expected(A, B, C);

    public float[] Expected(float[] a, float[] b, float[] c)
    {
        int terms = Alpha == 0 ? 0 : K; // alpha = 0 reads neither A nor B
        float[] row = new float[terms];
        float[] column = new float[terms];
        for (int j = 0; j < N; j++)
        {
            for (int p = 0; p < terms; p++)
                column[p] = IsTransposedB ? b[j * Ldb + p] : b[p * Ldb + j];
            for (int i = 0; i < M; i++)
            {
                for (int p = 0; p < terms; p++)
                    row[p] = IsTransposedA ? a[p * Lda + i] : a[i * Lda + p];
                ref float element = ref c[i * Ldc + j];
                element = IsMadeOfDots && terms > 0 ? PromisedOrder.Lanes(Alpha, row, column, Beta, element)
                    : PromisedOrder.Chain(Alpha, row, column, Beta, element);
            }
        }
        return c;
    }

    private float[] Numbers(int seed, int count) =>
        LargestInteger > 0 ? Inputs.Integers(seed, count, LargestInteger) : Inputs.Uniform(seed, count);
}

/// <summary>The two orders in which the products add up an element, one fused multiply-add at a time.</summary>
internal static class PromisedOrder
{
    private const int LaneCount = 16;

    /// <summary>beta·c, then fma(alpha·a_p, b_p, ·) in ascending p.</summary>
    public static float Chain(float alpha, ReadOnlySpan<float> a, ReadOnlySpan<float> b, float beta, float c)
    {
        float sum = beta == 0 ? 0 : beta * c;
        for (int p = 0; p < a.Length; p++)
            sum = MathF.FusedMultiplyAdd(alpha * a[p], b[p], sum);
        return sum;
    }

    /// <summary>Sixteen chains, p goes to chain p mod 16; a tree of 8, 4, 2, 1 over them; then alpha and beta.</summary>
    public static float Lanes(float alpha, ReadOnlySpan<float> a, ReadOnlySpan<float> b, float beta, float c)
    {
        Span<float> lanes = stackalloc float[LaneCount];
        lanes.Clear();
        for (int p = 0; p < a.Length; p++)
            lanes[p % LaneCount] = MathF.FusedMultiplyAdd(a[p], b[p], lanes[p % LaneCount]);
        for (int half = LaneCount / 2; half >= 1; half /= 2)
            for (int lane = 0; lane < half; lane++)
                lanes[lane] += lanes[lane + half];
        return beta == 0 ? alpha * lanes[0] : MathF.FusedMultiplyAdd(alpha, lanes[0], beta * c);
    }
}
