namespace Backprop.Benchmarks.Cases;

/// <summary>A case over a row-major matrix whose rows are probabilities, as a softmax leaves them.</summary>
internal abstract class ActivationRowsCase(int rows, int columns) : KernelCase
{
    public int Rows => rows;

    public int Columns => columns;

    public Operand Activations => field ??= RandomInputs.Distributions(rows, columns, seed: 1);

    public override string Shape => $"{rows}x{columns}";

    public override double LargestArray => (double)rows * columns;
}
