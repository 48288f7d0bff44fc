namespace Backprop.Benchmarks.Cases;

/// <summary>Softmax of one row in double precision.</summary>
internal static class SoftmaxReference
{
    public static void Compute(ReadOnlySpan<float> z, Span<double> activations)
    {
        double maximum = double.NegativeInfinity, sum = 0;
        foreach (float value in z)
            maximum = Math.Max(maximum, value);
        for (int j = 0; j < z.Length; j++)
            sum += activations[j] = Math.Exp(z[j] - maximum);
        foreach (ref double activation in activations)
            activation /= sum;
    }

    /// <summary>
    /// Relative error of an element: the exponentials and the division a few ε, z − max as many ε as it is large
    /// (<paramref name="range"/>), a sum of <paramref name="columns"/> positive terms in any order at most that many ε.
    /// </summary>
    public static double RelativeBound(int columns, double range) => (12 + range + columns) * ResultCheck.Epsilon;
}
