using static System.FormattableString;

namespace Backprop.Training;

/// <summary>The options of a <see cref="Trainer"/>, which validates them.</summary>
public sealed record TrainingOptions
{
    /// <summary>How often <see cref="Trainer.Train"/> goes through the training examples, at least 1.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>m, the examples of a mini-batch, at least 1; the last batch of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 10;

    /// <summary>η, finite and not negative: the rate at the start, after a warm-up if there is one.</summary>
    public float LearningRate { get; init; } = 0.5f;

    /// <summary>How η changes in the course of <see cref="Trainer.Train"/>.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>How a step is made of the gradient.</summary>
    public Optimizer Optimizer { get; init; }

    /// <summary>
    /// μ in v ← μ v − η ∇C, w ← w + v: from 0 (plain gradient descent) to under 1; over 0 with <see cref="Optimizer.Nesterov"/>, and 0 with
    /// the optimisers that have another memory.
    /// </summary>
    public float Momentum { get; init; }

    /// <summary>β₁, the share of the past in the mean gradient of Adam and AdamW: from 0 to under 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>β₂, the share of the past in the mean squared gradient of Adam and AdamW: from 0 to under 1.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>ρ, the share of the past in the mean squared gradient of RMSProp: from 0 to under 1.</summary>
    public float Rho { get; init; } = 0.99f;

    /// <summary>ε, what RMSProp, Adam and AdamW add to the root of the mean squared gradient: finite and more than 0.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>
    /// λ, the strength of the L2 regularisation (λ/2n) Σ w², finite and not negative; 0 with AdamW. Biases are not decayed.
    /// </summary>
    public float L2 { get; init; }

    /// <summary>λ in the W ← (1 − ηλ) W of AdamW, finite and not negative; no other optimiser reads it. Biases are not decayed.</summary>
    public float WeightDecay { get; init; } = 0.01f;

    /// <summary>
    /// Ends <see cref="Trainer.Train"/> when so many epochs in a row have not beaten the best validation accuracy, at least 1; null never
    /// does.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>
    /// w, the weight of each class in the cost, finite and over 0; null weighs all alike. The cost of a batch is the weighted mean
    /// Σ w_y C_x / Σ w_y (y the class of example x), and the gradient that of this cost, as PyTorch has it. For class indices alone.
    /// </summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>
    /// ε, from 0 to under 1: an example of class y counts (1 − ε) w_y (−ln a_y) + (ε/K) Σ_c w_c (−ln a_c) over the K classes, divided by
    /// Σ w_y of the batch, as PyTorch has it (C. Szegedy et al. 2016). For class indices alone.
    /// </summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// The largest Euclidean norm of a batch's gradient ∂C/∂w, weights and biases together and L2 left out: a longer gradient is scaled down
    /// to it (R. Pascanu et al., "On the difficulty of training recurrent neural networks", ICML 2013). Finite and over 0; null clips nothing.
    /// </summary>
    public float? MaximumGradientNorm { get; init; }

    /// <summary>The seed of the shuffling.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The most threads a step may use, at least 1. The results are the same bits for any number.</summary>
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
        RequireFraction(Momentum, nameof(Momentum));
        ArgumentNullException.ThrowIfNull(Schedule);
        Require(Schedule.WarmUpEpochs < Epochs, nameof(Schedule), Schedule.WarmUpEpochs, Invariant($"a warm-up of less than the {Epochs} epochs"));
        ValidateOptimizer();
        ValidateCost();
    }

    /// <summary>Refuses class weights for another number of classes.</summary>
    internal void RequireClasses(int classes)
    {
        if (ClassWeights is not null)
            Require(ClassWeights.Count == classes, nameof(ClassWeights), ClassWeights.Count, Invariant($"{classes}, the network's outputs"));
    }

    /// <summary>The steps of an epoch of so many examples.</summary>
    internal int CountSteps(int examples) => (int)(((long)examples + BatchSize - 1) / BatchSize);

    /// <summary>All that decides about the bits of a training, by name and value: everything but the threads.</summary>
    internal IEnumerable<(string Name, string Value)> Describe() =>
    [
        (nameof(Epochs), Invariant($"{Epochs}")),
        (nameof(BatchSize), Invariant($"{BatchSize}")),
        (nameof(LearningRate), Invariant($"{LearningRate}")),
        (nameof(Schedule), Schedule.ToString()),
        (nameof(Optimizer), Optimizer.ToString()),
        (nameof(Momentum), Invariant($"{Momentum}")),
        (nameof(Beta1), Invariant($"{Beta1}")),
        (nameof(Beta2), Invariant($"{Beta2}")),
        (nameof(Rho), Invariant($"{Rho}")),
        (nameof(Epsilon), Invariant($"{Epsilon}")),
        (nameof(L2), Invariant($"{L2}")),
        (nameof(WeightDecay), Invariant($"{WeightDecay}")),
        (nameof(Patience), Patience is { } patience ? Invariant($"{patience}") : "none"),
        (nameof(ClassWeights), ClassWeights is null ? "none" : string.Join(',', ClassWeights.Select(weight => Invariant($"{weight}")))),
        (nameof(LabelSmoothing), Invariant($"{LabelSmoothing}")),
        (nameof(MaximumGradientNorm), MaximumGradientNorm is { } norm ? Invariant($"{norm}") : "none"),
        (nameof(Seed), Invariant($"{Seed}")),
        (nameof(TrainingSetSize), TrainingSetSize is { } size ? Invariant($"{size}") : "none"),
    ];

    private void ValidateCost()
    {
        RequireAtLeastOne(Patience ?? 1, nameof(Patience));
        RequireFraction(LabelSmoothing, nameof(LabelSmoothing));
        float norm = MaximumGradientNorm ?? 1;
        Require(float.IsFinite(norm) && norm > 0, nameof(MaximumGradientNorm), norm, "a finite number over 0");
        foreach (float weight in ClassWeights ?? [])
            Require(float.IsFinite(weight) && weight > 0, nameof(ClassWeights), weight, "finite numbers over 0");
    }

    private void ValidateOptimizer()
    {
        Require(Enum.IsDefined(Optimizer), nameof(Optimizer), Optimizer, "a member of Optimizer");
        RequireFraction(Beta1, nameof(Beta1));
        RequireFraction(Beta2, nameof(Beta2));
        RequireFraction(Rho, nameof(Rho));
        Require(float.IsFinite(Epsilon) && Epsilon > 0, nameof(Epsilon), Epsilon, "a finite number over 0");
        Require(float.IsFinite(WeightDecay) && WeightDecay >= 0, nameof(WeightDecay), WeightDecay, "a finite number, 0 or more");
        if (Optimizer == Optimizer.Nesterov)
            Require(Momentum > 0, nameof(Momentum), Momentum, "more than 0 with Nesterov");
        else if (Optimizer != Optimizer.GradientDescent)
            Require(Momentum == 0, nameof(Momentum), Momentum, $"0 with {Optimizer}");
        if (Optimizer == Optimizer.AdamW)
            Require(L2 == 0, nameof(L2), L2, "0 with AdamW, which has a weight decay of its own");
    }

    private static void RequireFraction(float value, string name) => Require(value is >= 0 and < 1, name, value, "0 or more and less than 1");

    private static void RequireAtLeastOne(int value, string name) => Require(value >= 1, name, value, "at least 1");

    private static void Require(bool condition, string name, object value, string expected)
    {
        if (!condition)
            throw new ArgumentException(Invariant($"{name}: expected {expected}, got {value}"), name);
    }
}
