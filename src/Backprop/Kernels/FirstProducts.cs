using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>The first small products of a process, made at one lane and without a plan: what a plan and vectors need takes the runtime 15 ms to
/// load and to compile, and these products a few microseconds.</summary>
internal static unsafe class FirstProducts
{
    /// <summary>Multiply-adds, which take 10 ns each as they are made here.</summary>
    private const long Budget = 1 << 16;

    /// <summary>What an element counts beside its multiply-adds.</summary>
    private const int WorkOfElement = 4;

    private static long s_left = Budget;

    /// <summary>Whether a product is one of them. Sums over lanes are not, nor what needs copies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Include(in GemmArguments g) => !Bodies.AreCompiledAhead && s_left > 0 && Spend(g);

    /// <summary>C ← beta C + alpha A B, and what follows it.</summary>
    public static void Run(in GemmArguments g)
    {
        nint row = g.Shape.IsColumnMajorA ? 1 : g.Shape.StrideOfA, step = g.Shape.IsColumnMajorA ? g.Shape.StrideOfA : 1;
        for (int i = 0; i < g.Shape.M; i++)
        {
            for (int j = 0; j < g.Shape.N; j++)
                Add(g.Shape.K, g.Alpha, g.OriginOfA + i * row, step, g.OriginOfB + j, g.Shape.StrideOfB, g.Beta, g.C + i * g.Shape.StrideOfC + j);
        }
        g.Epilogue.Run<Scalar, float>(g.C, g.Shape.StrideOfC, g.Shape.M, g.Shape.N);
    }

    /// <summary>One element. Never optimised, which the runtime would begin with while the loop runs: it takes longer than all of these
    /// products.</summary>
    [MethodImpl(MethodImplOptions.NoOptimization)]
    private static void Add(int k, float alpha, float* a, nint step, float* b, nint ldb, float beta, float* c)
    {
        float sum = beta == 0f ? 0f : beta * *c;
        for (; k > 0; k--, a += step, b += ldb) sum = Scalar.FusedMultiplyAdd(alpha * *a, *b, sum);
        *c = sum;
    }

    /// <summary>From now on every product has its plan: many are to come.</summary>
    public static void End() => s_left = 0;

    private static bool Spend(in GemmArguments g)
    {
        long multiplyAdds = (long)g.Shape.M * g.Shape.N * (g.Shape.K + WorkOfElement);
        if (Bodies.CompileAtOnce || g.Shape.IsDots || g.Shape.IsTransposedB || multiplyAdds > s_left) return false;
        s_left -= multiplyAdds;
        return true;
    }
}
