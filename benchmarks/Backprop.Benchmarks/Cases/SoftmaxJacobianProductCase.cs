namespace Backprop.Benchmarks.Cases;

/// <summary>
/// a_j·(v_j − Σ a_k·v_k) row by row, the product of the softmax's Jacobian with a vector. 4·ROWS·COLUMNS operations,
/// 12·ROWS·COLUMNS bytes: a and v in, the product out.
/// </summary>
internal sealed class SoftmaxJacobianProductCase(int rows, int columns) : ActivationRowsCase(rows, columns)
{
    public Operand Vector => field ??= RandomInputs.Uniform(Rows * Columns, -1, 1, seed: 2);

    public Operand Destination => field ??= new Operand(Rows * Columns);

    public override string Kernel => "softmax-jacobian-product";

    public override double Flops => 4.0 * Rows * Columns;

    public override double Bytes => 12.0 * Rows * Columns;

    public override double BytesWritten => 4.0 * Rows * Columns;

    public override IReadOnlyList<NamedResult> Results => [new("destination", Destination.Memory)];

    public override KernelCase CreateWarmUp() => new SoftmaxJacobianProductCase(16, 100);

    public override void Reset() => Destination.Fill(float.NaN);

    /// <summary>A sum of COLUMNS terms is off by that many ε of Σ a|v|; the difference and the two products round once each.</summary>
    public override string? Check()
    {
        for (int row = 0; row < Rows; row++)
        {
            int start = row * Columns;
            double mean = 0, magnitude = 0;
            for (int i = start; i < start + Columns; i++)
            {
                mean += (double)Activations[i] * Vector[i];
                magnitude += (double)Activations[i] * Math.Abs(Vector[i]);
            }
            for (int i = start; i < start + Columns; i++)
            {
                double a = Activations[i], expected = a * (Vector[i] - mean);
                double bound = (Columns + 3) * ResultCheck.Epsilon * a * (Math.Abs(Vector[i]) + magnitude);
                if (ResultCheck.Compare("destination", i, Destination[i], expected, bound) is string difference)
                    return difference;
            }
        }
        return null;
    }
}
