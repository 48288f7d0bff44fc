namespace Backprop.Benchmarks.Cases;

/// <summary>A case over a row-major matrix Z, whose rows are worked on one by one.</summary>
internal abstract class RowsCase(int rows, int columns, float magnitude) : KernelCase
{
    public int Rows => rows;

    public int Columns => columns;

    public Operand Z => field ??= RandomInputs.Uniform(rows * columns, -magnitude, magnitude, seed: 1);

    public Operand Destination => field ??= new Operand(rows * columns);

    public override string Shape => $"{rows}x{columns}";

    public override double LargestArray => (double)rows * columns;

    public override void Reset() => Destination.Fill(float.NaN);
}
