namespace Backprop.Benchmarks.Cases;

/// <summary>
/// The mean over the rows of −ln softmax(z)_hot, from class indices. 4·(ROWS·COLUMNS + ROWS) bytes: z and the classes in.
/// </summary>
internal sealed class CostFromLogitsCase(int rows, int columns) : RowsCase(rows, columns, magnitude: 5)
{
    // of z − max, and nearly of the cost of a row
    private const double Range = 10;

    public int[] Classes => field ??= RandomInputs.Classes(Rows, Columns, seed: 2);

    public float Cost { get; set; }

    public override string Kernel => "cost-from-logits";

    /// <summary>A row has the logarithm of its sum, max − z_hot, the sum of these two (2) and that of the costs.</summary>
    public override double Flops => Rows * (FunctionCost.ExpOfRow * Columns + FunctionCost.Log + 4);

    public override double Bytes => 4 * ((double)Rows * Columns + Rows);

    public override double BytesWritten => 0;

    public override IReadOnlyList<NamedResult> Results => [new("cost", new[] { Cost })];

    public override KernelCase CreateWarmUp() => new CostFromLogitsCase(16, 100);

    public override void Reset() => Cost = float.NaN;

    /// <summary>As for the logarithm of the softmax; the mean adds one rounding a row when summed in float.</summary>
    public override string? Check()
    {
        double[] activations = new double[Columns];
        double cost = 0;
        for (int row = 0; row < Rows; row++)
        {
            SoftmaxReference.Compute(Z.AsSpan(row * Columns, Columns), activations);
            cost -= Math.Log(activations[Classes[row]]);
        }
        double expected = cost / Rows;
        double ofRow = SoftmaxReference.RelativeBound(Columns, Range) + 2 * ResultCheck.Epsilon * (Range + expected);
        return ResultCheck.Compare("cost", 0, Cost, expected, ofRow + (Rows + 2) * ResultCheck.Epsilon * expected);
    }
}
