using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The first small products of a process, made at one lane and without a plan: what a plan and vectors need takes the runtime 15 ms to
/// load and to compile, and these products a few microseconds.</summary>
internal static unsafe class FirstProducts
{
    /// <summary>Multiply-adds: at one a nanosecond a tenth of a millisecond.</summary>
    private const long Budget = 1 << 17;

    private static long s_left = Budget;

    /// <summary>Whether a product is one of them. Sums over lanes are not, nor what needs copies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Include(in GemmArguments g) => s_left > 0 && Spend(g);

    /// <summary>C ← beta C + alpha A B, and what follows it.</summary>
    public static void Run(in GemmArguments g)
    {
        var t = new TileArguments
        {
            K = g.Shape.K,
            Rows = g.Shape.M,
            Columns = g.Shape.N,
            IsColumnMajor = g.Shape.IsColumnMajorA,
            Alpha = g.Alpha,
            Beta = g.Beta,
            Lda = g.Shape.StrideOfA,
            Ldb = g.Shape.StrideOfB,
            Ldc = g.Shape.StrideOfC,
        };
        TileOfAnySize.Run<Scalar, float>(&t, g.OriginOfA, g.OriginOfB, g.C);
        g.Epilogue.Run<Scalar, float>(g.C, g.Shape.StrideOfC, g.Shape.M, g.Shape.N);
    }

    /// <summary>From now on every product has its plan: many are to come.</summary>
    public static void End() => s_left = 0;

    private static bool Spend(in GemmArguments g)
    {
        long multiplyAdds = (long)g.Shape.M * g.Shape.N * g.Shape.K;
        if (Bodies.CompileAtOnce || g.Shape.IsDots || g.Shape.IsTransposedB || multiplyAdds > s_left) return false;
        s_left -= multiplyAdds;
        return true;
    }
}
