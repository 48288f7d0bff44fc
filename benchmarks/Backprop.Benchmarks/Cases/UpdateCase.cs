namespace Backprop.Benchmarks.Cases;

/// <summary>
/// One step of an optimiser over all parameters. 4·N·(3 + 2·S) bytes, where each parameter remembers S numbers: those, gradient and
/// parameters in, all but the gradient out. A square root and a division count as an operation each.
/// </summary>
internal sealed class UpdateCase(UpdateRule rule, int length) : KernelCase
{
    public const float LearningRate = 0.01f, Momentum = 0.9f, Beta1 = 0.9f, Beta2 = 0.999f, Tiny = 1e-8f;

    /// <summary>Pulls the parameters to about −g/λ, so that they stay of ordinary size when millions of calls add to them.</summary>
    public const float Decay = 0.03f;

    private const int Step = 10;

    public static readonly double Correction1 = 1 - Math.Pow(Beta1, Step), Correction2 = 1 - Math.Pow(Beta2, Step);

    private Operand InitialMean => field ??= RandomInputs.Uniform(length, -1, 1, seed: 2);

    private Operand InitialSquare => field ??= RandomInputs.Uniform(length, 0.01f, 1, seed: 4);

    private Operand InitialParameters => field ??= RandomInputs.Uniform(length, -1, 1, seed: 3);

    public UpdateRule Rule => rule;

    public Operand Gradient => field ??= RandomInputs.Uniform(length, -1, 1, seed: 1);

    /// <summary>The velocity v of a momentum or the mean m of Adam.</summary>
    public Operand Mean => field ??= new Operand(length);

    /// <summary>The mean square s.</summary>
    public Operand Square => field ??= new Operand(length);

    public Operand Parameters => field ??= new Operand(length);

    public override string Kernel => Name(rule);

    public override string Shape => $"{length}";

    public override double Flops => (double)length * rule switch
    {
        // λ·w, + g, ·η, and the difference
        UpdateRule.GradientDescent => 4,
        // μ·v and its difference with η·p more
        UpdateRule.Momentum => 6,
        // μ·v and a sum, twice
        UpdateRule.Nesterov => 8,
        // λ·w + g; four for s; root, + ε, quotient, ·η, difference
        UpdateRule.RmsProp => 11,
        // three for m and 1/c₂ more, c₁ goes with η
        UpdateRule.Adam => 15,
        // the decay is one product instead of product and sum
        UpdateRule.AdamW => 14,
        _ => throw UnknownRule(rule),
    };

    public override double Bytes => 4.0 * length * (3 + 2 * States);

    public override double BytesWritten => 4.0 * length * (1 + States);

    public override double WorkingSet => 4.0 * length * (2 + States);

    // the initial values, and two arrays that a composition of calls keeps between them
    public override double MemoryBytes => 4.0 * length * (5 + 2 * States);

    public override double LargestArray => length;

    private bool HasMean => rule is not (UpdateRule.GradientDescent or UpdateRule.RmsProp);

    private bool HasSquare => rule is UpdateRule.RmsProp or UpdateRule.Adam or UpdateRule.AdamW;

    private int States => (HasMean ? 1 : 0) + (HasSquare ? 1 : 0);

    /// <summary>The kind of shape, which is also the kernel's name in reports.</summary>
    public static string Name(UpdateRule rule) => rule switch
    {
        UpdateRule.GradientDescent => "gradient-descent",
        UpdateRule.Momentum => "momentum",
        UpdateRule.Nesterov => "nesterov",
        UpdateRule.RmsProp => "rmsprop",
        UpdateRule.Adam => "adam",
        UpdateRule.AdamW => "adamw",
        _ => throw UnknownRule(rule),
    };

    public override IReadOnlyList<NamedResult> Results =>
    [
        .. HasMean ? [new("mean", Mean.Memory)] : NamedResult.None,
        .. HasSquare ? [new("square", Square.Memory)] : NamedResult.None,
        new("parameters", Parameters.Memory),
    ];

    public override KernelCase CreateWarmUp() => new UpdateCase(rule, 1000);

    public override void Reset()
    {
        if (HasMean)
            InitialMean.CopyTo(Mean);
        if (HasSquare)
            InitialSquare.CopyTo(Square);
        InitialParameters.CopyTo(Parameters);
    }

    public override string? Check()
    {
        for (int i = 0; i < length; i++)
        {
            UpdateReference expected = UpdateReference.Compute(
                rule, Gradient[i], HasMean ? InitialMean[i] : 0, HasSquare ? InitialSquare[i] : 0, InitialParameters[i]);
            string? difference = (HasMean ? expected.Mean.Compare("mean", i, Mean[i]) : null)
                ?? (HasSquare ? expected.Square.Compare("square", i, Square[i]) : null)
                ?? expected.Parameter.Compare("parameters", i, Parameters[i]);
            if (difference is not null)
                return difference;
        }
        return null;
    }

    private static ArgumentOutOfRangeException UnknownRule(UpdateRule rule) => new(nameof(rule), rule, "not a rule");
}
