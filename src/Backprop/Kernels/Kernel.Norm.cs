using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>The Euclidean norm √(Σ x_i²).</summary>
    /// <remarks>
    /// Blocks of 4,096 elements are sums of squares in single precision, by 16 lanes and one tree; the blocks add up in double, in ascending
    /// order. With u = 2⁻²⁴ the relative error is below 132u (half of (4096/16 + 5) u and a rounding). Where the squares leave the range of
    /// single precision, all is summed again in double, element by element, so that neither large nor small numbers are lost. The same bits at
    /// every <see cref="SimdLevel"/>. NaN gives NaN, ±∞ without NaN gives +∞, no element gives 0.
    /// </remarks>
    /// <param name="x">The elements, in any order of storage.</param>
    /// <returns>The norm.</returns>
    public static float Norm(ReadOnlySpan<float> x) => Norm(SimdSupport.Current, x);

    internal static unsafe float Norm(SimdLevel level, ReadOnlySpan<float> x)
    {
        fixed (float* source = x)
        {
            var call = new SquaresCall(source, x.Length);
            SimdDispatch.Run(level, ref call);
            return (float)Math.Sqrt(call.Total is > SquaresCall.Least and < SquaresCall.Most ? call.Total : SumSquares(x));
        }
    }

    private static double SumSquares(ReadOnlySpan<float> x)
    {
        double total = 0;
        foreach (float value in x) total += (double)value * value;
        return total;
    }

    private unsafe struct SquaresCall(float* x, int count) : ISimdCall
    {
        /// <summary>A sum above it is of squares that are not subnormal, or to which subnormal ones add nothing.</summary>
        public const double Least = 1e-24;

        /// <summary>2¹²⁷: no block below it has overflowed.</summary>
        public const double Most = 1.7e38;

        private const int Block = 4096;

        public double Total { get; private set; }

        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct => Total = Core<TSimd, TVector>(x, count);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static double Core<TSimd, TVector>(float* x, int count)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            double total = 0;
            for (int left = count; left > 0; left -= Block, x += Block)
                total += LaneSum.Run<TSimd, TVector, ProductTerm<TSimd, TVector>>(new(x, x), Math.Min(Block, left));
            return total;
        }
    }
}
