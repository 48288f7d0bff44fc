using System.Globalization;

namespace Backprop.Benchmarks.Reports;

/// <summary>Figures as people read them: three significant digits and a unit, whatever the culture.</summary>
internal static class Units
{
    public static string Time(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => $"{Digits(nanoseconds)} ns",
        < 1e6 => $"{Digits(nanoseconds / 1e3)} µs",
        < 1e9 => $"{Digits(nanoseconds / 1e6)} ms",
        _ => $"{Digits(nanoseconds / 1e9)} s",
    };

    /// <summary>Methods compiled, in a row of a process that was timed from its start.</summary>
    public static string Methods(RowReport row) =>
        row.CompiledMethods is long methods ? methods.ToString(CultureInfo.InvariantCulture) : "–";

    /// <summary>Time it took to compile them.</summary>
    public static string Jit(RowReport row) => row.JitMs is double milliseconds ? Time(milliseconds * 1e6) : "–";

    /// <summary>GFLOP/s where operations are what counts, GB/s where bytes are.</summary>
    public static string Rate(RowReport row) => $"{Digits(RateValue(row))} {RateUnit(row)}";

    public static double RateValue(RowReport row) => InOperations(row) ? row.Gflops!.Value : row.Gbps;

    public static string RateUnit(RowReport row) => InOperations(row) ? "GFLOP/s" : "GB/s";

    public static string Factor(double? factor) => factor is double value ? Factor(value) : "–";

    public static string Factor(double factor) => $"{Digits(factor)}×";

    public static string Percent(double fraction) => string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:F0} %");

    public static string Spread(RowReport row) => row.Samples < 2 ? "±?" : $"±{Percent(row.Spread)}";

    public static string Bytes(double bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes:F0} B"),
        < 1 << 20 => $"{Digits(bytes / (1 << 10))} KiB",
        < 1 << 30 => $"{Digits(bytes / (1 << 20))} MiB",
        _ => $"{Digits(bytes / (1 << 30))} GiB",
    };

    /// <summary>A power of two with the least letters, for an axis.</summary>
    public static string ShortBytes(double bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes:F0}"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 10):0.#}K"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):0.#}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):0.#}G"),
    };

    /// <summary>Three significant digits without an exponent.</summary>
    public static string Digits(double value)
    {
        string format = Math.Abs(value) switch { < 9.995 => "F2", < 99.95 => "F1", _ => "F0" };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Matrix products and networks are told in operations; all else is bound by what it moves.</summary>
    private static bool InOperations(RowReport row) =>
        row.Gflops is not null && (row.Kernel.StartsWith("gemm", StringComparison.Ordinal) || row.Kernel is "step" or "predict");
}
