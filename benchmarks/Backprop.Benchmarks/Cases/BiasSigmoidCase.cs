namespace Backprop.Benchmarks.Cases;

/// <summary>σ(z + b), one bias a column. 4·(2·ROWS·COLUMNS + COLUMNS) bytes.</summary>
internal sealed class BiasSigmoidCase(int rows, int columns) : RowsCase(rows, columns, magnitude: 5)
{
    public Operand Bias => field ??= RandomInputs.Uniform(Columns, -1, 1, seed: 2);

    public override string Kernel => "bias-sigmoid";

    /// <summary>The sum with the bias is one more than the sigmoid.</summary>
    public override double Flops => (FunctionCost.Sigmoid + 1) * Rows * Columns;

    public override double Bytes => 4 * (2.0 * Rows * Columns + Columns);

    public override double BytesWritten => 4.0 * Rows * Columns;

    public override IReadOnlyList<NamedResult> Results => [new("destination", Destination.Memory)];

    public override KernelCase CreateWarmUp() => new BiasSigmoidCase(16, 100);

    /// <summary>As for the sigmoid, and the rounding of z + b, which moves ln σ by at most itself.</summary>
    public override string? Check()
    {
        for (int i = 0; i < Destination.Length; i++)
        {
            double z = (double)Z[i] + Bias[i % Columns], expected = 1 / (1 + Math.Exp(-z));
            double bound = (8 + Math.Abs(z)) * ResultCheck.Epsilon * expected;
            if (ResultCheck.Compare("destination", i, Destination[i], expected, bound) is string difference)
                return difference;
        }
        return null;
    }
}
