namespace Backprop.Benchmarks.Cases;

/// <summary>C ← op(A)·op(B), all row-major and dense; op(A) is M × K, op(B) K × N. 2·M·N·K operations, 4·(M·K + K·N + M·N) bytes.</summary>
internal sealed class GemmCase(int m, int n, int k, bool transposeA, bool transposeB) : KernelCase
{
    // about a tenth of a second of reference work: beyond it only a sample of the elements is checked
    private const double CheckedProducts = 3e7;

    public int M => m;

    public int N => n;

    public int K => k;

    public bool TransposeA => transposeA;

    public bool TransposeB => transposeB;

    public int Lda => transposeA ? m : k;

    public int Ldb => transposeB ? k : n;

    public Operand A => field ??= RandomInputs.Uniform(m * k, -1, 1, seed: 1);

    public Operand B => field ??= RandomInputs.Uniform(k * n, -1, 1, seed: 2);

    public Operand C => field ??= new Operand(m * n);

    public override string Kernel => $"gemm-{(transposeA ? 't' : 'n')}{(transposeB ? 't' : 'n')}";

    public override string Shape => $"{m}x{n}x{k}";

    public override double Flops => 2.0 * m * n * k;

    public override double Bytes => 4 * ((double)m * k + (double)k * n + (double)m * n);

    public override double BytesWritten => 4.0 * m * n;

    public override double LargestArray => Math.Max((double)m * k, Math.Max((double)k * n, (double)m * n));

    public override bool Threaded => true;

    public override IReadOnlyList<NamedResult> Results => [new("C", C.Memory)];

    public override KernelCase CreateWarmUp() => new GemmCase(48, 48, 48, transposeA, transposeB);

    public override void Reset() => C.Fill(float.NaN);

    /// <summary>|C − C_ref| ≤ (k + 2)·ε·Σ|a||b|: each of k products and sums is rounded once or twice.</summary>
    public override string? Check()
    {
        foreach (long index in ResultCheck.Sample(C.Length, (long)Math.Max(64, CheckedProducts / k)))
        {
            (int i, int j) = ((int)(index / n), (int)(index % n));
            double sum = 0, magnitude = 0;
            for (int p = 0; p < k; p++)
            {
                double product = (double)A[transposeA ? p * m + i : i * k + p] * B[transposeB ? j * k + p : p * n + j];
                sum += product;
                magnitude += Math.Abs(product);
            }
            if (ResultCheck.Compare("C", index, C[index], sum, (k + 2) * ResultCheck.Epsilon * magnitude) is string difference)
                return difference;
        }
        return null;
    }
}
