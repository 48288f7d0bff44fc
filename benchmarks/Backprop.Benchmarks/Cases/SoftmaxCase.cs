namespace Backprop.Benchmarks.Cases;

/// <summary>Softmax of each row. 8·ROWS·COLUMNS bytes: a row that fits a cache is fetched once, whatever the number of passes.</summary>
internal sealed class SoftmaxCase(int rows, int columns) : RowsCase(rows, columns, magnitude: 5)
{
    public override string Kernel => "softmax";

    /// <summary>The reciprocal of a row's sum, and a product with it an element.</summary>
    public override double Flops => Rows * ((FunctionCost.ExpOfRow + 1) * Columns + 1);

    public override double Bytes => 8.0 * Rows * Columns;

    public override double BytesWritten => 4.0 * Rows * Columns;

    public override IReadOnlyList<NamedResult> Results => [new("destination", Destination.Memory)];

    public override KernelCase CreateWarmUp() => new SoftmaxCase(16, 100);

    public override string? Check()
    {
        double[] expected = new double[Columns];
        for (int row = 0; row < Rows; row++)
        {
            int start = row * Columns;
            SoftmaxReference.Compute(Z.AsSpan(start, Columns), expected);
            for (int j = 0; j < Columns; j++)
            {
                double bound = SoftmaxReference.RelativeBound(Columns, 10) * expected[j];
                if (ResultCheck.Compare("destination", start + j, Destination[start + j], expected[j], bound) is string difference)
                    return difference;
            }
        }
        return null;
    }
}
