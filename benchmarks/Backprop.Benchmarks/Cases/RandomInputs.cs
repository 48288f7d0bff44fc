namespace Backprop.Benchmarks.Cases;

/// <summary>Operands that are the same in every run and neither zero nor subnormal.</summary>
internal static class RandomInputs
{
    /// <summary>Values spread evenly over [low, high); one that would be tiny is set aside, since arithmetic on it may be slow.</summary>
    public static Operand Uniform(int length, float low, float high, int seed)
    {
        Random random = new(seed);
        Operand values = new(length);
        float smallest = (high - low) * 1e-6f;
        for (int i = 0; i < values.Length; i++)
        {
            float value = low + (high - low) * random.NextSingle();
            values[i] = Math.Abs(value) < smallest ? smallest : value;
        }
        return values;
    }

    /// <summary>Class indices from 0 to <paramref name="classCount"/> − 1.</summary>
    public static int[] Classes(int length, int classCount, int seed)
    {
        Random random = new(seed);
        int[] classes = new int[length];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = random.Next(classCount);
        return classes;
    }

    /// <summary>Rows of probabilities, each summing to 1 but for rounding, none of them zero.</summary>
    public static Operand Distributions(int rows, int columns, int seed)
    {
        Operand values = Uniform(rows * columns, 0, 1, seed);
        for (int row = 0; row < rows; row++)
        {
            Span<float> probabilities = values.AsSpan(row * columns, columns);
            double sum = 0;
            foreach (float value in probabilities)
                sum += value;
            foreach (ref float value in probabilities)
                value = (float)(value / sum);
        }
        return values;
    }
}
