using System.Globalization;

namespace Backprop.Training;

/// <summary>The options of a <see cref="Trainer"/>, which validates them.</summary>
public sealed record TrainingOptions
{
    /// <summary>How often <see cref="Trainer.Train"/> goes through the training examples, at least 1.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>m, the examples of a mini-batch, at least 1; the last batch of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 10;

    /// <summary>η, finite and not negative.</summary>
    public float LearningRate { get; init; } = 0.5f;

    /// <summary>μ in v ← μ v − η ∇C, w ← w + v: from 0 (plain gradient descent) to under 1.</summary>
    public float Momentum { get; init; }

    /// <summary>λ, the strength of the L2 regularisation (λ/2n) Σ w², finite and not negative. Biases are not decayed.</summary>
    public float L2 { get; init; }

    /// <summary>The seed of the shuffling.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The most threads a matrix product may use, at least 1. The results are the same bits for any number.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// n in the decay ηλ/n of L2, at least 1. Null takes the number of examples given to <see cref="Trainer.Train"/>; a single
    /// <see cref="Trainer.Step(ReadOnlySpan{float}, ReadOnlySpan{int})"/> with L2 cannot know it and needs it here.
    /// </summary>
    public int? TrainingSetSize { get; init; }

    /// <summary>Refuses values outside their range.</summary>
    internal void Validate()
    {
        RequireAtLeastOne(Epochs, nameof(Epochs));
        RequireAtLeastOne(BatchSize, nameof(BatchSize));
        RequireAtLeastOne(Threads, nameof(Threads));
        RequireAtLeastOne(TrainingSetSize ?? 1, nameof(TrainingSetSize));
        Require(float.IsFinite(LearningRate) && LearningRate >= 0, nameof(LearningRate), LearningRate, "a finite number, 0 or more");
        Require(float.IsFinite(L2) && L2 >= 0, nameof(L2), L2, "a finite number, 0 or more");
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "0 or more and less than 1");
    }

    private static void RequireAtLeastOne(int value, string name) => Require(value >= 1, name, value, "at least 1");

    private static void Require(bool condition, string name, IFormattable value, string expected)
    {
        if (!condition)
            throw new ArgumentException($"{name}: expected {expected}, got {value.ToString(null, CultureInfo.InvariantCulture)}", name);
    }
}
