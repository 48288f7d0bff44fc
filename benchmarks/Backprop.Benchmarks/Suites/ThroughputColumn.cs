using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Reports;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Backprop.Benchmarks.Suites;

/// <summary>Work a call does, divided by the median of its time.</summary>
internal abstract class ThroughputColumn(string name, string legend) : IColumn
{
    protected abstract double Amount(KernelCase problem);

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
        double amount = Amount(ShapeParser.Parse(shape));
        return amount > 0 ? Units.Digits(amount / time.Median) : "-";
    }
}
