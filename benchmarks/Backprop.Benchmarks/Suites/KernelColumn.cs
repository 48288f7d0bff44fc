using Backprop.Benchmarks.Cases;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Backprop.Benchmarks.Suites;

/// <summary>A figure made of a case and the median of its time.</summary>
internal abstract class KernelColumn(string name, string legend) : IColumn
{
    /// <summary>The figure's text; <paramref name="nanoseconds"/> is the median.</summary>
    protected abstract string Format(KernelCase problem, double nanoseconds);

    public string Id => $"Backprop.{name}";

    public string ColumnName => name;

    public string Legend => legend;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        if (KernelShapeAttribute.Of(benchmarkCase) is not string shape || summary[benchmarkCase]?.ResultStatistics is not { } time)
            return "-";
        return Format(ShapeParser.Parse(shape), time.Median);
    }
}
