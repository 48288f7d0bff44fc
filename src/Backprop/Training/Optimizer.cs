namespace Backprop.Training;

/// <summary>
/// How a <see cref="Trainer"/> turns the gradient g = ∂C/∂w + (λ/n) w of a batch into a step; η is the learning rate, λ/n the decay of
/// <see cref="TrainingOptions.L2"/>. Biases are never decayed.
/// </summary>
public enum Optimizer
{
    /// <summary>
    /// w ← w − η g, without memory; with <see cref="TrainingOptions.Momentum"/> μ over 0 v ← μ v − η g, w ← w + v (B. T. Polyak 1964). Without
    /// momentum and clipping the step is a part of the product that makes the gradient: no gradient is stored.
    /// </summary>
    GradientDescent,

    /// <summary>
    /// v ← μ v − η g, w ← w + μ v − η g with <see cref="TrainingOptions.Momentum"/> μ (Y. Nesterov 1983, in the form of I. Sutskever et al.
    /// 2013): the gradient is taken where the momentum leads.
    /// </summary>
    Nesterov,

    /// <summary>
    /// s ← ρ s + (1 − ρ) g², w ← w − η g / (√s + ε) with <see cref="TrainingOptions.Rho"/> ρ and <see cref="TrainingOptions.Epsilon"/> ε
    /// (T. Tieleman and G. Hinton 2012).
    /// </summary>
    RmsProp,

    /// <summary>
    /// m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g², w ← w − η (m / (1 − β₁ᵗ)) / (√(s / (1 − β₂ᵗ)) + ε) at step t (D. P. Kingma and J. Ba
    /// 2015).
    /// </summary>
    Adam,

    /// <summary>
    /// Adam on the gradient alone, and w ← (1 − ηλ) w beside it with λ = <see cref="TrainingOptions.WeightDecay"/>, which takes the place of
    /// <see cref="TrainingOptions.L2"/> (I. Loshchilov and F. Hutter 2019).
    /// </summary>
    AdamW,
}
