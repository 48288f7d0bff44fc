namespace Backprop.Benchmarks.Cases;

/// <summary>A ← A + α·x·yᵀ; A is M × N, row-major. 2·M·N operations, 4·(2·M·N + M + N) bytes: A is read and written.</summary>
internal sealed class GerCase(int m, int n) : KernelCase
{
    /// <summary>Small, so that A stays of ordinary size when millions of calls add to it.</summary>
    public const float Alpha = 1f / 1024;

    private Operand InitialA => field ??= RandomInputs.Uniform(m * n, -1, 1, seed: 3);

    public int M => m;

    public int N => n;

    public Operand A => field ??= new Operand(m * n);

    public Operand X => field ??= RandomInputs.Uniform(m, -1, 1, seed: 1);

    public Operand Y => field ??= RandomInputs.Uniform(n, -1, 1, seed: 2);

    public override string Kernel => "ger";

    public override string Shape => $"{m}x{n}";

    public override double Flops => 2.0 * m * n;

    public override double Bytes => 4 * (2.0 * m * n + m + n);

    public override double BytesWritten => 4.0 * m * n;

    public override double WorkingSet => 4 * ((double)m * n + m + n);

    public override double MemoryBytes => 2 * WorkingSet;

    public override double LargestArray => (double)m * n;

    public override IReadOnlyList<NamedResult> Results => [new("A", A.Memory)];

    public override KernelCase CreateWarmUp() => new GerCase(64, 64);

    public override void Reset() => InitialA.CopyTo(A);

    /// <summary>Three roundings at most: α·x, its product with y, the sum.</summary>
    public override string? Check()
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double update = (double)Alpha * X[i] * Y[j], initial = InitialA[i * n + j];
                double bound = 3 * ResultCheck.Epsilon * (Math.Abs(initial) + Math.Abs(update));
                if (ResultCheck.Compare("A", i * n + j, A[i * n + j], initial + update, bound) is string difference)
                    return difference;
            }
        }
        return null;
    }
}
