namespace Backprop.Benchmarks.Cases;

/// <summary>
/// v ← μ·v − η·(g + λ·w), then w ← w + v. 6·N operations, 20·N bytes: gradient, velocity and parameters in, the latter two out.
/// </summary>
internal sealed class MomentumCase(int length) : KernelCase
{
    public const float LearningRate = 0.01f, Momentum = 0.9f;

    /// <summary>Pulls the parameters to −g/λ, so that they stay of ordinary size when millions of calls add to them.</summary>
    public const float Decay = 0.03f;

    private float[] InitialVelocity => field ??= RandomInputs.Uniform(length, -1, 1, seed: 2);

    private float[] InitialParameters => field ??= RandomInputs.Uniform(length, -1, 1, seed: 3);

    public float[] Gradient => field ??= RandomInputs.Uniform(length, -1, 1, seed: 1);

    public float[] Velocity => field ??= new float[length];

    public float[] Parameters => field ??= new float[length];

    public override string Kernel => "momentum";

    public override string Shape => $"{length}";

    public override double Flops => 6.0 * length;

    public override double Bytes => 20.0 * length;

    public override double BytesWritten => 8.0 * length;

    public override double WorkingSet => 12.0 * length;

    // the initial values, and the sums that a composition of calls keeps between them
    public override double MemoryBytes => 2 * WorkingSet;

    public override double LargestArray => length;

    public override KernelCase CreateWarmUp() => new MomentumCase(1000);

    public override void Reset()
    {
        InitialVelocity.CopyTo(Velocity, 0);
        InitialParameters.CopyTo(Parameters, 0);
    }

    /// <summary>At most four roundings of a term of the velocity, and one more of the parameter.</summary>
    public override string? Check()
    {
        for (int i = 0; i < length; i++)
        {
            double w = InitialParameters[i], kept = (double)Momentum * InitialVelocity[i], pull = (double)Decay * w;
            double velocity = kept - LearningRate * (Gradient[i] + pull);
            double bound = 4 * ResultCheck.Epsilon * (Math.Abs(kept) + LearningRate * (Math.Abs(Gradient[i]) + Math.Abs(pull)));
            string? difference = ResultCheck.Compare("velocity", i, Velocity[i], velocity, bound)
                ?? ResultCheck.Compare("parameters", i, Parameters[i], w + velocity, bound + ResultCheck.Epsilon * Math.Abs(w + velocity));
            if (difference is not null)
                return difference;
        }
        return null;
    }
}
