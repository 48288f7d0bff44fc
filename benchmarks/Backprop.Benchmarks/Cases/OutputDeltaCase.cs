namespace Backprop.Benchmarks.Cases;

/// <summary>
/// a − y, the delta of the output layer (BP1), for soft targets. ROWS·COLUMNS operations, 12·ROWS·COLUMNS bytes. The library has it from
/// <see cref="System.Numerics.Tensors.TensorPrimitives"/>, so that there is no row at a width of its own.
/// </summary>
internal sealed class OutputDeltaCase(int rows, int columns) : ActivationRowsCase(rows, columns)
{
    public Operand Targets => field ??= RandomInputs.Distributions(Rows, Columns, seed: 2);

    public Operand Destination => field ??= new Operand(Rows * Columns);

    public override string Kernel => "output-delta";

    public override double Flops => (double)Rows * Columns;

    public override double Bytes => 12.0 * Rows * Columns;

    public override double BytesWritten => 4.0 * Rows * Columns;

    public override IReadOnlyList<NamedResult> Results => [new("destination", Destination.Memory)];

    public override KernelCase CreateWarmUp() => new OutputDeltaCase(16, 100);

    public override void Reset() => Destination.Fill(float.NaN);

    /// <summary>One rounding.</summary>
    public override string? Check()
    {
        for (int i = 0; i < Destination.Length; i++)
        {
            double expected = (double)Activations[i] - Targets[i];
            double bound = ResultCheck.Epsilon * Math.Abs(expected);
            if (ResultCheck.Compare("destination", i, Destination[i], expected, bound) is string difference)
                return difference;
        }
        return null;
    }
}
