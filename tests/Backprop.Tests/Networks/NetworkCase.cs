using Backprop.Tests.Reference;
using FsCheck;
using FsCheck.Fluent;

namespace Backprop.Tests.Networks;

/// <summary>A random network and a random batch: everything follows from these numbers, which are what a failure prints.</summary>
public sealed record NetworkCase(string Shape, int Batch, int Seed)
{
    internal int[] Layers => Array.ConvertAll(Shape.Split('-'), int.Parse);

    internal ReferenceNetwork Network => ReferenceNetwork.Random(Layers, Seed);

    /// <summary>Uniform in −1 … 1, some of them zero.</summary>
    internal float[] Inputs()
    {
        Random random = new(Seed + 1);
        float[] inputs = new float[Batch * Layers[0]];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = random.Next(4) == 0 ? 0 : 2 * random.NextSingle() - 1;
        return inputs;
    }

    internal int[] Classes()
    {
        Random random = new(Seed + 2);
        return Enumerable.Range(0, Batch).Select(_ => random.Next(Layers[^1])).ToArray();
    }

    /// <summary>Positive numbers that sum to 1 by row, up to rounding.</summary>
    internal float[] SoftTargets()
    {
        Random random = new(Seed + 3);
        int outputs = Layers[^1];
        float[] targets = new float[Batch * outputs];
        for (int row = 0; row < Batch; row++)
        {
            double[] weights = Enumerable.Range(0, outputs).Select(_ => random.NextDouble() + 0.01).ToArray();
            for (int j = 0; j < outputs; j++)
                targets[row * outputs + j] = (float)(weights[j] / weights.Sum());
        }

        return targets;
    }

    /// <summary>A flat batch as rows of doubles.</summary>
    internal static double[][] Rows(float[] values, int columns) =>
        values.Chunk(columns).Select(row => Array.ConvertAll(row, value => (double)value)).ToArray();

    /// <summary>Class indices as one-hot rows.</summary>
    internal static double[][] OneHot(int[] classes, int columns) =>
        classes.Select(hot => Enumerable.Range(0, columns).Select(j => j == hot ? 1.0 : 0.0).ToArray()).ToArray();
}

/// <summary>1–4 layers of weights, 1–40 units, batch 1–17; shrinks towards fewer layers, smaller layers and one row.</summary>
public static class NetworkCases
{
    public static Arbitrary<NetworkCase> Arbitrary() => Arb.From(Generator(), Shrink);

    private static Gen<NetworkCase> Generator() =>
        from count in Gen.Choose(2, 5)
        from layers in Gen.ArrayOf(Gen.Choose(1, 40), count)
        from batch in Gen.Choose(1, 17)
        from seed in Gen.Choose(0, int.MaxValue - 3)
        select new NetworkCase(string.Join('-', layers), batch, seed);

    private static IEnumerable<NetworkCase> Shrink(NetworkCase large)
    {
        int[] layers = large.Layers;
        if (layers.Length > 2)
            yield return large with { Shape = string.Join('-', layers[1..]) };
        for (int layer = 0; layer < layers.Length; layer++)
        {
            if (layers[layer] == 1)
                continue;
            int[] smaller = [.. layers];
            smaller[layer] = (layers[layer] + 1) / 2;
            yield return large with { Shape = string.Join('-', smaller) };
        }

        if (large.Batch > 1)
            yield return large with { Batch = large.Batch / 2 };
    }
}
