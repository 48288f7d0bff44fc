namespace Backprop.Benchmarks.Cases;

/// <summary>The mean over the rows of −Σ y_j·ln a_j, for soft targets y. 8·ROWS·COLUMNS bytes: activations and targets in.</summary>
internal sealed class CostFromProbabilitiesCase(int rows, int columns) : ActivationRowsCase(rows, columns)
{
    public Operand Targets => field ??= RandomInputs.Distributions(Rows, Columns, seed: 2);

    public float Cost { get; set; }

    public override string Kernel => "cost-from-probabilities";

    /// <summary>The logarithm, its product with the target and their sum an element; the sum of the costs a row.</summary>
    public override double Flops => Rows * ((FunctionCost.Log + 2) * Columns + 1);

    public override double Bytes => 8.0 * Rows * Columns;

    public override double BytesWritten => 0;

    public override IReadOnlyList<NamedResult> Results => [new("cost", new[] { Cost })];

    public override KernelCase CreateWarmUp() => new CostFromProbabilitiesCase(16, 100);

    public override void Reset() => Cost = float.NaN;

    /// <summary>
    /// No term is negative, so that a sum over columns and one over rows are off by as many ε of the cost as they have terms; the
    /// logarithm, the product and the mean add a few.
    /// </summary>
    public override string? Check()
    {
        double cost = 0;
        for (int i = 0; i < Activations.Length; i++)
            cost -= Targets[i] * Math.Log(Activations[i]);
        double expected = cost / Rows;
        return ResultCheck.Compare("cost", 0, Cost, expected, (Rows + Columns + 8) * ResultCheck.Epsilon * expected);
    }
}
