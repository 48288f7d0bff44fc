namespace Backprop.Benchmarks.Measuring;

/// <summary>Which way bytes go.</summary>
internal enum Traffic
{
    Read,
    Write,

    /// <summary>As many written as read.</summary>
    Copy,
}
