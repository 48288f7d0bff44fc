namespace Backprop.Tests.Reference;

/// <summary>
/// The formulas of the kernels as one would first write them: in double, one element after the other, sharing nothing with the
/// library. Single-precision inputs are exact in double and so are products of two of them, so what is left of rounding here is
/// about 2⁻²⁹ of a single-precision unit in the last place for each operation.
/// </summary>
internal static class ReferenceKernels
{
    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    public static double SigmoidDerivative(double activation) => activation * (1 - activation);

    public static double[] Softmax(ReadOnlySpan<double> z, int rows, int columns)
    {
        double[] activations = new double[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> logits = z.Slice(row * columns, columns);
            double maximum = Maximum(logits);
            double sum = 0;
            foreach (double value in logits)
                sum += Math.Exp(value - maximum);
            for (int column = 0; column < columns; column++)
                activations[row * columns + column] = Math.Exp(logits[column] - maximum) / sum;
        }
        return activations;
    }

    public static double[] LogSoftmax(ReadOnlySpan<double> z, int rows, int columns)
    {
        double[] logarithms = new double[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<double> logits = z.Slice(row * columns, columns);
            double maximum = Maximum(logits);
            double logSum = LogSumExpBelowMaximum(logits);
            for (int column = 0; column < columns; column++)
                logarithms[row * columns + column] = logits[column] - maximum - logSum;
        }
        return logarithms;
    }

    /// <summary>ln Σ exp(z_j − max z), between 0 and ln n.</summary>
    public static double LogSumExpBelowMaximum(ReadOnlySpan<double> z)
    {
        double maximum = Maximum(z);
        double sum = 0;
        foreach (double value in z)
            sum += Math.Exp(value - maximum);
        return Math.Log(sum);
    }

    /// <summary>n × n, [i, j] = ∂a_j/∂z_i: a_i(1 − a_i) on the diagonal, −a_j a_i beside it.</summary>
    public static double[] SoftmaxJacobian(ReadOnlySpan<double> activations)
    {
        int n = activations.Length;
        double[] jacobian = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                jacobian[i * n + j] = i == j ? activations[i] * (1 - activations[i]) : -activations[j] * activations[i];
        return jacobian;
    }

    /// <summary>Mean over the rows of −Σ y ln a, with 0·ln 0 = 0.</summary>
    public static double CrossEntropy(ReadOnlySpan<double> activations, ReadOnlySpan<double> targets, int rows, int columns)
    {
        double total = 0;
        for (int index = 0; index < rows * columns; index++)
            total -= targets[index] == 0 ? 0 : targets[index] * Math.Log(activations[index]);
        return rows == 0 ? 0 : total / rows;
    }

    /// <summary>Mean over the rows of Σ y (ln Σ exp z − z), with 0·∞ = 0 for a masked class.</summary>
    public static double CrossEntropyFromLogits(ReadOnlySpan<double> z, ReadOnlySpan<double> targets, int rows, int columns)
    {
        double total = 0;
        for (int row = 0; row < rows; row++)
            total += CrossEntropyFromLogits(z.Slice(row * columns, columns), targets.Slice(row * columns, columns));
        return rows == 0 ? 0 : total / rows;
    }

    private static double CrossEntropyFromLogits(ReadOnlySpan<double> z, ReadOnlySpan<double> targets)
    {
        double maximum = Maximum(z);
        double logSum = LogSumExpBelowMaximum(z);
        double cost = double.IsNaN(logSum) ? double.NaN : 0;
        for (int column = 0; column < z.Length; column++)
            cost += targets[column] == 0 ? 0 : targets[column] * (maximum - z[column] + logSum);
        return cost;
    }

    /// <summary>C ← alpha·op(A)·op(B) + beta·C, row-major; beta = 0 does not read C.</summary>
    public static void Gemm(bool transposeA, bool transposeB, int m, int n, int k, double alpha, ReadOnlySpan<double> a, int lda,
        ReadOnlySpan<double> b, int ldb, double beta, Span<double> c, int ldc)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int p = 0; p < k; p++)
                    sum += (transposeA ? a[p * lda + i] : a[i * lda + p]) * (transposeB ? b[j * ldb + p] : b[p * ldb + j]);
                c[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]);
            }
        }
    }

    /// <summary>y ← alpha·op(A)·x + beta·y, A is m × n and row-major; beta = 0 does not read y.</summary>
    public static void Gemv(bool transpose, int m, int n, double alpha, ReadOnlySpan<double> a, int lda, ReadOnlySpan<double> x,
        double beta, Span<double> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            double sum = 0;
            for (int j = 0; j < x.Length; j++)
                sum += (transpose ? a[j * lda + i] : a[i * lda + j]) * x[j];
            y[i] = alpha * sum + (beta == 0 ? 0 : beta * y[i]);
        }
    }

    /// <summary>A ← A + alpha·x·yᵀ, A is m × n and row-major.</summary>
    public static void Ger(int m, int n, double alpha, ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> a, int lda)
    {
        for (int i = 0; i < m; i++)
            for (int j = 0; j < n; j++)
                a[i * lda + j] += alpha * x[i] * y[j];
    }

    public static double[] Widen(ReadOnlySpan<float> values)
    {
        double[] wide = new double[values.Length];
        for (int index = 0; index < values.Length; index++)
            wide[index] = values[index];
        return wide;
    }

    /// <summary>The values without their signs: the same formula over them gives the Σ|terms| that error bounds scale with.</summary>
    public static double[] WidenMagnitudes(ReadOnlySpan<float> values)
    {
        double[] wide = Widen(values);
        for (int index = 0; index < wide.Length; index++)
            wide[index] = Math.Abs(wide[index]);
        return wide;
    }

    public static double[] OneHot(ReadOnlySpan<int> classes, int columns)
    {
        double[] targets = new double[classes.Length * columns];
        for (int row = 0; row < classes.Length; row++)
            targets[row * columns + classes[row]] = 1;
        return targets;
    }

    private static double Maximum(ReadOnlySpan<double> values)
    {
        double maximum = double.NegativeInfinity;
        foreach (double value in values)
            maximum = Math.Max(maximum, value);
        return maximum;
    }
}
