namespace Backprop.Benchmarks.Reports.Plots;

/// <summary>A logarithmic axis from <paramref name="Least"/> to <paramref name="Most"/>, both positive.</summary>
internal sealed record LogAxis(double Least, double Most)
{
    /// <summary>An axis that shows all values, with a little room at both ends.</summary>
    public static LogAxis Around(IEnumerable<double> values, double room = 1.4)
    {
        List<double> shown = [.. values.Where(value => value > 0 && double.IsFinite(value))];
        return shown.Count == 0 ? new LogAxis(1, 10) : new LogAxis(shown.Min() / room, shown.Max() * room);
    }

    /// <summary>0 at the least value, 1 at the most; outside beyond them.</summary>
    public double Fraction(double value) => Math.Log(value / Least) / Math.Log(Most / Least);

    /// <summary>The powers of <paramref name="step"/> within the axis.</summary>
    public IEnumerable<double> Ticks(double step)
    {
        for (int power = (int)Math.Ceiling(Math.Log(Least, step) - 1e-9); Math.Pow(step, power) <= Most * (1 + 1e-9); power++)
            yield return Math.Pow(step, power);
    }
}
