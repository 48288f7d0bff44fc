using System.Runtime.CompilerServices;
using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>
/// p = g + λ w, m ← β₁ m + (1 − β₁) p, s ← β₂ s + (1 − β₂) p², w ← k w − η (m / c₁) / (√(s / c₂) + ε): Adam with k = 1, AdamW with λ = 0
/// and k = 1 − η times its decay.
/// </summary>
internal readonly struct AdamRule(float learningRate, float beta1, float beta2, float epsilon, double correction1, double correction2)
    : IUpdateRule
{
    private readonly float _freshMean = (float)(1 - (double)beta1);
    private readonly float _freshSquare = (float)(1 - (double)beta2);
    private readonly float _rate = (float)(-learningRate / correction1);
    private readonly float _rootScale = (float)(1 / Math.Sqrt(correction2));

    public static int States => 2;

    /// <summary>λ, what the gradient takes of the parameter.</summary>
    public float Decay { get; init; }

    /// <summary>k, what is kept of the parameter.</summary>
    public float Keep { get; init; } = 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TSimd, TVector>(TVector gradient, TVector parameter, ref TVector first, ref TVector second)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector pull = TSimd.FusedMultiplyAdd(TSimd.Broadcast(Decay), parameter, gradient);
        first = TSimd.FusedMultiplyAdd(TSimd.Broadcast(beta1), first, TSimd.Multiply(TSimd.Broadcast(_freshMean), pull));
        TVector square = TSimd.Multiply(TSimd.Multiply(TSimd.Broadcast(_freshSquare), pull), pull);
        second = TSimd.FusedMultiplyAdd(TSimd.Broadcast(beta2), second, square);
        TVector scale = TSimd.FusedMultiplyAdd(TSimd.SquareRoot(second), TSimd.Broadcast(_rootScale), TSimd.Broadcast(epsilon));
        TVector kept = TSimd.Multiply(TSimd.Broadcast(Keep), parameter);
        return TSimd.FusedMultiplyAdd(TSimd.Broadcast(_rate), TSimd.Divide(first, scale), kept);
    }
}
