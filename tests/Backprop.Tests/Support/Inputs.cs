namespace Backprop.Tests.Support;

/// <summary>Operands made from a seed: the same seed gives the same operands on every platform.</summary>
internal static class Inputs
{
    /// <summary>What one padding element holds, so that a stray read shows in the result and a stray write in the padding.</summary>
    public const float Padding = -1e10f;

    public static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, float.Epsilon, -float.Epsilon, 1.17549421e-38f, -1.17549421e-38f, 1.17549435e-38f, 0.34657359f, -0.34657359f,
        87.3365479f, -87.3365479f, 88.7228394f, -88.7228394f, 103.972076f, -103.972076f, 1e-30f, 1e30f, float.MaxValue, float.MinValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    public static float[] Uniform(int seed, int count, float low = -1, float high = 1)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int index = 0; index < count; index++)
            values[index] = low + (high - low) * random.NextSingle();
        return values;
    }

    /// <summary>Whole numbers from −<paramref name="largest"/> to <paramref name="largest"/>.</summary>
    public static float[] Integers(int seed, int count, int largest)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int index = 0; index < count; index++)
            values[index] = random.Next(-largest, largest + 1);
        return values;
    }

    /// <summary>Ordinary numbers with every special value among them, each about as often as the length allows.</summary>
    public static float[] WithSpecialValues(int seed, int count)
    {
        Random random = new(seed);
        float[] values = Uniform(random.Next(), count, -20, 20);
        for (int index = 0; index < count; index++)
            if (random.Next(3) == 0)
                values[index] = Special[random.Next(Special.Length)];
        return values;
    }

    /// <summary>Rows of numbers in [0, 1] that sum to 1 up to rounding.</summary>
    public static float[] Probabilities(int seed, int rows, int columns)
    {
        float[] values = Uniform(seed, rows * columns, 0.01f, 1);
        for (int row = 0; row < rows; row++)
        {
            Span<float> line = values.AsSpan(row * columns, columns);
            double sum = 0;
            foreach (float value in line)
                sum += value;
            for (int column = 0; column < columns; column++)
                line[column] = (float)(line[column] / sum);
        }
        return values;
    }

    public static int[] Classes(int seed, int rows, int columns)
    {
        Random random = new(seed);
        int[] classes = new int[rows];
        for (int row = 0; row < rows; row++)
            classes[row] = random.Next(columns);
        return classes;
    }

    public static float[] OneHot(ReadOnlySpan<int> classes, int columns)
    {
        float[] targets = new float[classes.Length * columns];
        for (int row = 0; row < classes.Length; row++)
            targets[row * columns + classes[row]] = 1;
        return targets;
    }

    /// <summary>A row-major matrix whose rows are <paramref name="stride"/> apart, with <see cref="Padding"/> between them.</summary>
    public static float[] Strided(ReadOnlySpan<float> dense, int rows, int columns, int stride)
    {
        float[] values = new float[StridedLength(rows, columns, stride)];
        Array.Fill(values, Padding);
        for (int row = 0; row < rows && columns > 0; row++)
            dense.Slice(row * columns, columns).CopyTo(values.AsSpan(row * stride));
        return values;
    }

    /// <summary>The least a strided operand may have: the last row ends where its columns end.</summary>
    public static int StridedLength(int rows, int columns, int stride) => rows == 0 || columns == 0 ? 0 : (rows - 1) * stride + columns;

    public static float[] Filled(int count, float value)
    {
        float[] values = new float[count];
        Array.Fill(values, value);
        return values;
    }
}
