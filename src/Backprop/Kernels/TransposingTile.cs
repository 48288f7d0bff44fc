using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>Up to four columns of a product whose lanes run over rows of A, which are contiguous along k and transposed in registers.</summary>
internal static unsafe class TransposingTile
{
    /// <summary>The most columns of C. For more it pays to transpose A in memory, once for all of them.</summary>
    public const int MaxColumns = 4;

    /// <summary>c_ji ← beta c_ji + Σ a_ip b_pj, one chain in ascending p, for as many whole vectors of rows i as there are; returns how
    /// many rows they were.</summary>
    /// <param name="g">The product; its C is not used, its alpha is 1.</param>
    /// <param name="first">The first row of A.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="c">C transposed, rows of <paramref name="stride"/> elements.</param>
    /// <param name="stride">From one column of C to the next.</param>
    public static int Run<TSimd, TVector>(in GemmArguments g, int first, int rows, float* c, nint stride)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => TSimd.Level switch
        {
            SimdLevel.V512 => Rows<Simd512, Vector512<float>>(g, g.A.Origin + first * g.A.Row, rows, c, stride),
            SimdLevel.V256 => Rows<Simd256, Vector256<float>>(g, g.A.Origin + first * g.A.Row, rows, c, stride),
            SimdLevel.V128 => Rows<Simd128, Vector128<float>>(g, g.A.Origin + first * g.A.Row, rows, c, stride),
            _ => 0,
        };

    /// <summary>Two vectors of rows at a time where their sums and elements fit the registers: one alone would wait for its chains.</summary>
    private static int Rows<TSimd, TVector>(in GemmArguments g, float* a, int rows, float* c, nint stride)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
    {
        int strips = rows / TSimd.Width, pairs = VectorRegisters.Are32 ? strips / 2 : 0, done = 2 * pairs * TSimd.Width;
        Strips<TSimd, TVector, N2>(g, pairs, a, c, stride);
        Strips<TSimd, TVector, N1>(g, strips - 2 * pairs, a + done * g.A.Row, c + done, stride);
        return strips * TSimd.Width;
    }

    /// <summary>Always four columns: the last one stands in for those that are missing. To leave them out saves time where there are one or two,
    /// and takes four copies of the loop (decision 0006).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Strips<TSimd, TVector, TStrips>(in GemmArguments g, int count, float* a, float* c, nint stride)
        where TSimd : struct, ISimd<TVector>, IQuads<TVector>
        where TVector : struct
        where TStrips : struct, ICount
    {
        GemmOperand right = g.B;
        int k = g.K, last = g.N - 1;
        float beta = g.Beta;
        nint lda = g.A.Row, strip = TSimd.Width * lda, bRow = right.Row;
        nint b1 = Math.Min(1, last) * right.Step, b2 = Math.Min(2, last) * right.Step, b3 = last * right.Step;
        nint c1 = Math.Min(1, last) * stride, c2 = Math.Min(2, last) * stride, c3 = last * stride;
        for (; count > 0; count--, a += TStrips.Value * strip, c += TStrips.Value * TSimd.Width)
        {
            float* second = TStrips.Value > 1 ? c + TSimd.Width : c;
            TVector c00 = Begin<TSimd, TVector>(c, beta), c10 = Begin<TSimd, TVector>(second, beta);
            TVector c01 = Begin<TSimd, TVector>(c + c1, beta), c11 = Begin<TSimd, TVector>(second + c1, beta);
            TVector c02 = Begin<TSimd, TVector>(c + c2, beta), c12 = Begin<TSimd, TVector>(second + c2, beta);
            TVector c03 = Begin<TSimd, TVector>(c + c3, beta), c13 = Begin<TSimd, TVector>(second + c3, beta);
            float* ap = a, b = right.Origin;
            for (int left = k; left > 0; left -= 4, ap += 4)
            {
                (TVector v, TVector v1, TVector v2, TVector v3) = GemmPacking.Transpose4<TSimd, TVector>(ap, lda, left);
                (TVector w, TVector w1, TVector w2, TVector w3) =
                    TStrips.Value > 1 ? GemmPacking.Transpose4<TSimd, TVector>(ap + strip, lda, left) : (v, v1, v2, v3);
                for (int p = Math.Min(left, 4); p > 0; p--, b += bRow)
                {
                    TVector y0 = TSimd.Broadcast(*b), y1 = TSimd.Broadcast(b[b1]), y2 = TSimd.Broadcast(b[b2]), y3 = TSimd.Broadcast(b[b3]);
                    c00 = TSimd.FusedMultiplyAdd(v, y0, c00);
                    c01 = TSimd.FusedMultiplyAdd(v, y1, c01);
                    c02 = TSimd.FusedMultiplyAdd(v, y2, c02);
                    c03 = TSimd.FusedMultiplyAdd(v, y3, c03);
                    if (TStrips.Value > 1)
                    {
                        c10 = TSimd.FusedMultiplyAdd(w, y0, c10);
                        c11 = TSimd.FusedMultiplyAdd(w, y1, c11);
                        c12 = TSimd.FusedMultiplyAdd(w, y2, c12);
                        c13 = TSimd.FusedMultiplyAdd(w, y3, c13);
                    }
                    (v, v1, v2) = (v1, v2, v3);
                    (w, w1, w2) = (w1, w2, w3);
                }
            }
            if (TStrips.Value > 1)
            {
                TSimd.Store(second, c10);
                TSimd.Store(second + c1, c11);
                TSimd.Store(second + c2, c12);
                TSimd.Store(second + c3, c13);
            }
            TSimd.Store(c, c00);
            TSimd.Store(c + c1, c01);
            TSimd.Store(c + c2, c02);
            TSimd.Store(c + c3, c03);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Begin<TSimd, TVector>(float* c, float beta)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct => beta == 0f ? TSimd.Zero : TSimd.Multiply(TSimd.Broadcast(beta), TSimd.Load(c));
}
