namespace Backprop.Networks;

/// <summary>What <see cref="GradientCheck"/> found.</summary>
/// <param name="WorstRelativeError">
/// The largest relative error between the analytic gradient and central differences, both in double precision:
/// |a − n| / max(|a| + |n|, floor), with the floor that <see cref="GradientCheck"/> describes. Infinite if either is NaN.
/// </param>
/// <param name="WorstParameter">Where that is, such as <c>weights of layer 1 [12, 3]</c> (from unit 12 to unit 3) or
/// <c>biases of layer 2 [3]</c>; units count from 0.</param>
/// <param name="Analytic">The analytic derivative there.</param>
/// <param name="Numeric">The central difference there.</param>
/// <param name="WorstFloatError">
/// The error |float − double| of the single-precision gradient where it is largest in proportion to its bound. Infinite if it is NaN.
/// </param>
/// <param name="FloatErrorBound">The bound there: no parameter is off by more than its bound if and only if
/// <paramref name="WorstFloatError"/> is at most this.</param>
/// <param name="WorstFloatParameter">Where that is.</param>
/// <param name="ParametersChecked">How many parameters were compared: all of them.</param>
public sealed record GradientCheckReport(
    double WorstRelativeError,
    string WorstParameter,
    double Analytic,
    double Numeric,
    double WorstFloatError,
    double FloatErrorBound,
    string WorstFloatParameter,
    int ParametersChecked)
{
    /// <summary>Whether both comparisons are within their bounds, the first one within <see cref="GradientCheck.Tolerance"/>.</summary>
    public bool Passed => WorstRelativeError < GradientCheck.Tolerance && WorstFloatError <= FloatErrorBound;
}
