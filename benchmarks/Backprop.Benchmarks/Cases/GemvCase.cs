namespace Backprop.Benchmarks.Cases;

/// <summary>y ← A·x, or Aᵀ·x; A is M × N, row-major. 2·M·N operations, 4·(M·N + M + N) bytes.</summary>
internal sealed class GemvCase(int m, int n, bool transpose) : KernelCase
{
    public int M => m;

    public int N => n;

    public bool Transpose => transpose;

    public Operand A => field ??= RandomInputs.Uniform(m * n, -1, 1, seed: 1);

    public Operand X => field ??= RandomInputs.Uniform(transpose ? m : n, -1, 1, seed: 2);

    public Operand Y => field ??= new Operand(transpose ? n : m);

    public override string Kernel => transpose ? "gemv-t" : "gemv-n";

    public override string Shape => $"{m}x{n}";

    public override double Flops => 2.0 * m * n;

    public override double Bytes => 4 * ((double)m * n + m + n);

    public override double BytesWritten => 4.0 * (transpose ? n : m);

    public override double LargestArray => (double)m * n;

    public override IReadOnlyList<NamedResult> Results => [new("y", Y.Memory)];

    public override KernelCase CreateWarmUp() => new GemvCase(64, 64, transpose);

    public override void Reset() => Y.Fill(float.NaN);

    /// <summary>|y − y_ref| ≤ (K + 2)·ε·Σ|a||x|, K the length of the sum.</summary>
    public override string? Check()
    {
        double[] sums = new double[Y.Length], magnitudes = new double[Y.Length];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                (int output, int input) = transpose ? (j, i) : (i, j);
                double product = (double)A[i * n + j] * X[input];
                sums[output] += product;
                magnitudes[output] += Math.Abs(product);
            }
        }
        for (int i = 0; i < Y.Length; i++)
        {
            if (ResultCheck.Compare("y", i, Y[i], sums[i], (X.Length + 2) * ResultCheck.Epsilon * magnitudes[i]) is string difference)
                return difference;
        }
        return null;
    }
}
