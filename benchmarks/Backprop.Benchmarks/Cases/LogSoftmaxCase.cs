namespace Backprop.Benchmarks.Cases;

/// <summary>The logarithm of the softmax of each row. 8·ROWS·COLUMNS bytes.</summary>
internal sealed class LogSoftmaxCase(int rows, int columns) : RowsCase(rows, columns, magnitude: 5)
{
    // z − max, the larger of it and of the logarithm, is at most this
    private const double Range = 10;

    public override string Kernel => "log-softmax";

    /// <summary>The logarithm of a row's sum, and two differences an element.</summary>
    public override double Flops => Rows * ((FunctionCost.ExpOfRow + 2) * Columns + FunctionCost.Log);

    public override double Bytes => 8.0 * Rows * Columns;

    public override double BytesWritten => 4.0 * Rows * Columns;

    public override IReadOnlyList<NamedResult> Results => [new("destination", Destination.Memory)];

    public override KernelCase CreateWarmUp() => new LogSoftmaxCase(16, 100);

    /// <summary>A relative error of the sum is an absolute one of its logarithm; two subtractions round values up to the range.</summary>
    public override string? Check()
    {
        double[] activations = new double[Columns];
        for (int row = 0; row < Rows; row++)
        {
            int start = row * Columns;
            SoftmaxReference.Compute(Z.AsSpan(start, Columns), activations);
            for (int j = 0; j < Columns; j++)
            {
                double expected = Math.Log(activations[j]);
                double bound = SoftmaxReference.RelativeBound(Columns, Range) + 2 * ResultCheck.Epsilon * (Range + Math.Abs(expected));
                if (ResultCheck.Compare("destination", start + j, Destination[start + j], expected, bound) is string difference)
                    return difference;
            }
        }
        return null;
    }
}
