namespace Backprop.Benchmarks.Cases;

/// <summary>How an <see cref="UpdateCase"/> moves the parameters; p = g + λ·w.</summary>
internal enum UpdateRule
{
    /// <summary>w ← w − η·p.</summary>
    GradientDescent,

    /// <summary>v ← μ·v − η·p, then w ← w + v.</summary>
    Momentum,

    /// <summary>v ← μ·v − η·p, then w ← w + μ·v − η·p.</summary>
    Nesterov,

    /// <summary>s ← β₂·s + (1 − β₂)·p², then w ← w − η·p / (√s + ε).</summary>
    RmsProp,

    /// <summary>m ← β₁·m + (1 − β₁)·p, s as RMSProp's, then w ← w − η·(m/c₁) / (√(s/c₂) + ε).</summary>
    Adam,

    /// <summary>Adam with p = g, and w ← (1 − η·λ)·w − …</summary>
    AdamW,
}
