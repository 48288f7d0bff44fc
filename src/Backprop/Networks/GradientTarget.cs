namespace Backprop.Networks;

/// <summary>Where a gradient is added: W^l ← KeepWeights · W^l + Scale · ∂C/∂W^l of <see cref="Block"/>, and the biases likewise.</summary>
internal ref struct GradientTarget
{
    /// <summary>The parameters, or a block of their layout.</summary>
    internal required Span<float> Block { get; init; }

    /// <summary>The factor of the sum over the batch.</summary>
    internal required float Scale { get; init; }

    /// <summary>The factor of the weights that are there.</summary>
    internal required float KeepWeights { get; init; }

    /// <summary>The factor of the biases that are there.</summary>
    internal required float KeepBiases { get; init; }
}
