using static System.FormattableString;

namespace Backprop.Training;

/// <summary>How the learning rate η of <see cref="TrainingOptions.LearningRate"/> changes from epoch to epoch.</summary>
/// <remarks>
/// With t = 0, 1, … for the epochs after the warm-up and T for their number, as in PyTorch's schedulers of the same names: constant η; step
/// η γ^⌊t/N⌋; exponential η γᵗ; cosine η (f + (1 − f) (1 + cos(π t/T)) / 2), from η down to f η (I. Loshchilov and F. Hutter, "SGDR: stochastic
/// gradient descent with warm restarts", ICLR 2017, one period). A warm-up of W epochs comes before any of them: step k of its K steps has
/// η k/K, so that the last has η. Computed in double with the four operations alone, a cosine by its Taylor polynomial, so the rates are the
/// same bits on every platform. Immutable.
/// </remarks>
public sealed record LearningRateSchedule
{
    private readonly Kind _kind;
    private readonly int _epochs = 1;
    private readonly float _factor = 1;

    private LearningRateSchedule(Kind kind, int epochs, float factor) => (_kind, _epochs, _factor) = (kind, epochs, factor);

    private enum Kind
    {
        Constant,
        Step,
        Exponential,
        Cosine,
    }

    /// <summary>η throughout.</summary>
    public static LearningRateSchedule Constant { get; } = new(Kind.Constant, 1, 1);

    /// <summary>W, the epochs of linear warm-up; 0 without one.</summary>
    public int WarmUpEpochs { get; private init; }

    /// <summary>η times <paramref name="factor"/> after every so many epochs.</summary>
    /// <param name="epochs">N, at least 1.</param>
    /// <param name="factor">γ, more than 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static LearningRateSchedule Step(int epochs, float factor)
    {
        if (epochs < 1)
            throw new ArgumentOutOfRangeException(nameof(epochs), epochs, Invariant($"epochs: expected at least 1, got {epochs}"));
        RequireFactor(factor > 0, factor, nameof(factor), "more than 0 and at most 1");
        return new LearningRateSchedule(Kind.Step, epochs, factor);
    }

    /// <summary>η times <paramref name="factor"/> after every epoch.</summary>
    /// <param name="factor">γ, more than 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of its range.</exception>
    public static LearningRateSchedule Exponential(float factor)
    {
        RequireFactor(factor > 0, factor, nameof(factor), "more than 0 and at most 1");
        return new LearningRateSchedule(Kind.Exponential, 1, factor);
    }

    /// <summary>Half a cosine from η down to a fraction of it, over all epochs.</summary>
    /// <param name="final">f, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is out of its range.</exception>
    public static LearningRateSchedule Cosine(float final = 0)
    {
        RequireFactor(final >= 0, final, nameof(final), "0 to 1");
        return new LearningRateSchedule(Kind.Cosine, 1, final);
    }

    /// <summary>The same schedule after so many epochs in which the rate rises linearly, step by step.</summary>
    /// <param name="epochs">W, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public LearningRateSchedule WithWarmUp(int epochs)
    {
        if (epochs < 0)
            throw new ArgumentOutOfRangeException(nameof(epochs), epochs, Invariant($"epochs: expected 0 or more, got {epochs}"));
        return this with { WarmUpEpochs = epochs };
    }

    /// <summary>The rate of one step.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="epochs">How many epochs the training has.</param>
    /// <param name="epoch">The epoch, 1 … epochs.</param>
    /// <param name="step">The step in it, 1 … stepsPerEpoch.</param>
    /// <param name="stepsPerEpoch">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The epoch or the step is out of its range.</exception>
    public float Rate(float learningRate, int epochs, int epoch, int step = 1, int stepsPerEpoch = 1)
    {
        RequireWithin(epoch, epochs, nameof(epoch));
        RequireWithin(step, stepsPerEpoch, nameof(step));
        if (epoch <= WarmUpEpochs)
            return (float)(learningRate * (((epoch - 1.0) * stepsPerEpoch + step) / ((double)WarmUpEpochs * stepsPerEpoch)));
        int done = epoch - 1 - WarmUpEpochs;
        return (float)(learningRate * (_kind switch
        {
            Kind.Constant => 1,
            Kind.Cosine => _factor + (1.0 - _factor) * (0.5 * (1 + CosineOfHalfTurns(done / (double)(epochs - WarmUpEpochs)))),
            _ => Power(_factor, done / _epochs),
        }));
    }

    /// <summary>The schedule as the command line writes it: <c>step:10:0.5</c>, with <c>warm-up:3</c> after it where there is one.</summary>
    public override string ToString()
    {
        string schedule = _kind switch
        {
            Kind.Constant => "constant",
            Kind.Step => Invariant($"step:{_epochs}:{_factor}"),
            Kind.Exponential => Invariant($"exponential:{_factor}"),
            _ => Invariant($"cosine:{_factor}"),
        };
        return WarmUpEpochs == 0 ? schedule : Invariant($"{schedule} warm-up:{WarmUpEpochs}");
    }

    private static void RequireWithin(int value, int last, string name)
    {
        if (value < 1 || value > last)
            throw new ArgumentOutOfRangeException(name, value, Invariant($"{name}: expected 1 to {last}, got {value}"));
    }

    private static double Power(double value, int exponent)
    {
        double power = 1;
        for (int i = 0; i < exponent; i++)
            power *= value;
        return power;
    }

    /// <summary>cos(π f) for f in 0 … 1, off by less than 10⁻¹⁵.</summary>
    private static double CosineOfHalfTurns(double f) => f switch
    {
        > 0.5 => -CosineOfHalfTurns(1 - f),
        > 0.25 => Taylor(Math.PI * (0.5 - f), isSine: true),
        _ => Taylor(Math.PI * f, isSine: false),
    };

    // Ten terms: the next is at most (π/4)²⁰ / 20! < 10⁻²⁰.
    private static double Taylor(double x, bool isSine)
    {
        double first = isSine ? 1 : 0;
        double sum = 1;
        for (int term = 9; term >= 1; term--)
            sum = 1 - x * x / ((2 * term + first) * (2 * term - 1 + first)) * sum;
        return isSine ? x * sum : sum;
    }

    private static void RequireFactor(bool isEnough, float value, string name, string expected)
    {
        if (!(isEnough && value <= 1))
            throw new ArgumentOutOfRangeException(name, value, Invariant($"{name}: expected {expected}, got {value}"));
    }
}
