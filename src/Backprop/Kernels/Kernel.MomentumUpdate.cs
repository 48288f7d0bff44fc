using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

public static partial class Kernel
{
    /// <summary>A step of gradient descent with momentum, element by element: v ← μ v − η (g + λ w), then w ← w + v.</summary>
    /// <remarks>
    /// Computed as fma(−η, fma(λ, w, g), μ v) and w + v, four roundings. With u = 2⁻²⁴ the velocity is off by at most
    /// 3u (|μ v| + η (|g| + |λ w|)), the parameter by as much and u |w + v|. The same bits at every <see cref="SimdLevel"/>. NaN in
    /// an element gives NaN in that element. Source: the article's descent v ← v − η ∇C with the momentum of Polyak (1964).
    /// </remarks>
    /// <param name="gradient">g, in any order of storage.</param>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ.</param>
    /// <param name="decay">λ: the pull towards zero, 0 for none.</param>
    /// <param name="velocity">v, as many elements in the same order; apart from the others.</param>
    /// <param name="parameters">w, as many elements in the same order; apart from the others.</param>
    /// <exception cref="ArgumentException">The lengths differ, or two spans overlap.</exception>
    public static void MomentumUpdate(
        ReadOnlySpan<float> gradient, float learningRate, float momentum, float decay, Span<float> velocity, Span<float> parameters) =>
        MomentumUpdate(SimdSupport.Current, gradient, learningRate, momentum, decay, velocity, parameters);

    internal static unsafe void MomentumUpdate(
        SimdLevel level,
        ReadOnlySpan<float> gradient,
        float learningRate,
        float momentum,
        float decay,
        Span<float> velocity,
        Span<float> parameters)
    {
        Check.Length(velocity.Length, gradient.Length, nameof(velocity));
        Check.Length(parameters.Length, gradient.Length, nameof(parameters));
        Check.Apart(gradient, velocity, nameof(gradient));
        Check.Apart(gradient, parameters, nameof(gradient));
        Check.Apart(velocity, parameters, nameof(velocity));
        fixed (float* g = gradient, v = velocity, w = parameters)
        {
            var call = new MomentumCall(g, learningRate, momentum, decay, v, w, gradient.Length);
            SimdDispatch.Run(level, ref call);
        }
    }

    private readonly unsafe struct MomentumCall(
        float* gradient, float learningRate, float momentum, float decay, float* velocity, float* parameters, int count) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct =>
            Core<TSimd, TVector>(
                gradient, TSimd.Broadcast(-learningRate), TSimd.Broadcast(momentum), TSimd.Broadcast(decay), velocity, parameters, count);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Core<TSimd, TVector>(
            float* gradient, TVector rate, TVector momentum, TVector decay, float* velocity, float* parameters, int count)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int i = 0;
            for (; i <= count - TSimd.Width; i += TSimd.Width)
            {
                TVector w = TSimd.Load(parameters + i);
                TVector pull = TSimd.FusedMultiplyAdd(decay, w, TSimd.Load(gradient + i));
                TVector v = TSimd.FusedMultiplyAdd(rate, pull, TSimd.Multiply(momentum, TSimd.Load(velocity + i)));
                TSimd.Store(velocity + i, v);
                TSimd.Store(parameters + i, TSimd.Add(w, v));
            }
            if (i < count)
            {
                TVector mask = TSimd.FirstLanes(count - i);
                TVector w = TSimd.LoadMasked(parameters + i, mask);
                TVector pull = TSimd.FusedMultiplyAdd(decay, w, TSimd.LoadMasked(gradient + i, mask));
                TVector v = TSimd.FusedMultiplyAdd(rate, pull, TSimd.Multiply(momentum, TSimd.LoadMasked(velocity + i, mask)));
                TSimd.StoreMasked(velocity + i, mask, v);
                TSimd.StoreMasked(parameters + i, mask, TSimd.Add(w, v));
            }
        }
    }
}
