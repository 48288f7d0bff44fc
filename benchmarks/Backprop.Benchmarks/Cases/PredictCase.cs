namespace Backprop.Benchmarks.Cases;

/// <summary>
/// Forward pass of a batch. 2·m·Σ n_{l−1}·n_l operations; 4·(parameters + m·n_0 + m·n_L) bytes: what has to be read and written
/// when all that lies between stays in registers.
/// </summary>
internal sealed class PredictCase(int[] layers, int batch) : NetworkCase(layers, batch)
{
    private const double CheckedProducts = 3e7;

    public Operand Activations => field ??= new Operand(Batch * Outputs);

    public override string Kernel => "predict";

    public override double Flops => 2 * Batch * Connections;

    public override double Bytes => 4 * (Parameters + (double)Batch * (Inputs + Outputs));

    public override double BytesWritten => 4.0 * Batch * Outputs;

    public override double WorkingSet => 4 * (Parameters + Batch * Units);

    // initial parameters, the contenders' networks, activations in float and the checked rows in double
    public override double MemoryBytes => 4 * (8 * Parameters + 16 * Batch * Units);

    public override IReadOnlyList<NamedResult> Results => [new("activations", Activations.Memory)];

    public override KernelCase CreateWarmUp() => new PredictCase([64, 30, 10], 10);

    public override void Reset() => Activations.Fill(float.NaN);

    public override string? Check()
    {
        foreach (long row in ResultCheck.Sample(Batch, (long)Math.Max(4, CheckedProducts / Connections)))
        {
            NetworkReference reference = new(this, (int)row, 1);
            for (int j = 0; j < Outputs; j++)
            {
                long index = row * Outputs + j;
                (double expected, double bound) = reference.Output(0, j);
                if (ResultCheck.Compare("activations", index, Activations[index], expected, bound) is string difference)
                    return difference;
            }
        }
        return null;
    }
}
