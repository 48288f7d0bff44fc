namespace Backprop.Benchmarks.Cases;

/// <summary>
/// What training does with the last layer's z: softmax, mean cost −ln a_hot and delta a − y, from class indices.
/// 4·(3·ROWS·COLUMNS + ROWS) bytes: z and the classes in, activations and delta out.
/// </summary>
internal sealed class CrossEntropyCase(int rows, int columns) : RowsCase(rows, columns, magnitude: 5)
{
    public int[] Classes => field ??= RandomInputs.Classes(Rows, Columns, seed: 2);

    public Operand Delta => field ??= new Operand(Rows * Columns);

    public float Cost { get; set; }

    public override string Kernel => "cross-entropy";

    /// <summary>
    /// As for the softmax; a row has the logarithm of its sum, max − z_hot, the sum of these two (2), that of the costs and a_hot − 1
    /// besides.
    /// </summary>
    public override double Flops => Rows * ((FunctionCost.ExpOfRow + 1) * Columns + FunctionCost.Log + 6);

    public override double Bytes => 4 * (3.0 * Rows * Columns + Rows);

    public override double BytesWritten => 8.0 * Rows * Columns;

    public override IReadOnlyList<NamedResult> Results =>
        [new("activations", Destination.Memory), new("delta", Delta.Memory), new("cost", new[] { Cost })];

    public override KernelCase CreateWarmUp() => new CrossEntropyCase(16, 100);

    public override void Reset()
    {
        base.Reset();
        Delta.Fill(float.NaN);
        Cost = float.NaN;
    }

    public override string? Check()
    {
        double[] expected = new double[Columns];
        double relative = SoftmaxReference.RelativeBound(Columns, 10), cost = 0;
        for (int row = 0; row < Rows; row++)
        {
            SoftmaxReference.Compute(Z.AsSpan(row * Columns, Columns), expected);
            for (int j = 0; j < Columns; j++)
            {
                int index = row * Columns + j;
                double target = j == Classes[row] ? 1 : 0;
                double bound = relative * expected[j];
                string? difference = ResultCheck.Compare("activations", index, Destination[index], expected[j], bound)
                    ?? ResultCheck.Compare("delta", index, Delta[index], expected[j] - target, bound + ResultCheck.Epsilon);
                if (difference is not null)
                    return difference;
            }
            cost -= Math.Log(expected[Classes[row]]);
        }
        // a relative error of a is an absolute one of ln a; the mean adds one rounding a row when summed in float
        return ResultCheck.Compare("cost", 0, Cost, cost / Rows, relative + (Rows + 2) * ResultCheck.Epsilon * (1 + cost / Rows));
    }
}
