using Backprop.Data;
using Xunit;

namespace Backprop.Tests.Data;

public class RandomSourceTests
{
    // Published with implementations of the generators: state 1, 2, 3, 4 (rand_xoshiro), seed 1234567 (Rosetta Code), seed 0 through both.
    private static readonly ulong[] s_stateOneTwoThreeFour =
    [
        11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625, 8476171486693032832,
        10595114339597558777, 2904607092377533576,
    ];

    private static readonly ulong[] s_splitMix1234567 =
        [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];

    private static readonly ulong[] s_seedZero =
        [11091344671253066420, 13793997310169335082, 1900383378846508768, 7684712102626143532, 13521403990117723737];

    [Fact]
    public void The_generator_gives_the_published_vector()
    {
        var random = new RandomSource(1, 2, 3, 4);
        Assert.Equal(s_stateOneTwoThreeFour, Take(s_stateOneTwoThreeFour.Length, random.NextUInt64));
    }

    [Fact]
    public void The_reference_gives_the_published_vectors()
    {
        Assert.Equal(s_stateOneTwoThreeFour, Take(s_stateOneTwoThreeFour.Length, new ReferenceRandom(1, 2, 3, 4).Next));
        Assert.Equal(s_splitMix1234567, ReferenceRandom.SplitMix(1234567).Take(s_splitMix1234567.Length));
        Assert.Equal(s_seedZero, Take(s_seedZero.Length, ReferenceRandom.FromSeed(0).Next));
    }

    [Fact]
    public void SplitMix_gives_the_published_vector()
    {
        var mixer = new SplitMix64(1234567);
        foreach (ulong expected in s_splitMix1234567) Assert.Equal(expected, mixer.Next());
    }

    [Fact]
    public void Seed_0_gives_the_published_vector()
    {
        var random = new RandomSource(0);
        Assert.Equal(s_seedZero, Take(s_seedZero.Length, random.NextUInt64));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(42UL)]
    [InlineData(ulong.MaxValue)]
    public void Every_seed_gives_the_stream_of_the_reference(ulong seed)
    {
        var random = new RandomSource(seed);
        ReferenceRandom reference = ReferenceRandom.FromSeed(seed);
        Assert.Equal(Take(1000, reference.Next), Take(1000, random.NextUInt64));
    }

    // 3 · 2²⁹ draws a quarter again, 2³¹ − 1 hardly ever, powers of two never.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1 << 30)]
    [InlineData(3 << 29)]
    [InlineData(int.MaxValue)]
    public void Next_is_the_unbiased_product(int maximum)
    {
        var random = new RandomSource(7);
        ReferenceRandom reference = ReferenceRandom.FromSeed(7);
        Assert.Equal(Take(2000, () => reference.Next(maximum)), Take(2000, () => random.Next(maximum)));
    }

    [Fact]
    public void Next_refuses_an_empty_range()
    {
        var random = new RandomSource(1);
        Assert.Equal("exclusiveMaximum", Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(-1));
    }

    [Fact]
    public void NextSingle_is_the_upper_24_bits()
    {
        var random = new RandomSource(3);
        ReferenceRandom reference = ReferenceRandom.FromSeed(3);
        for (int i = 0; i < 2000; i++) Assert.Equal(Math.ScaleB(reference.Next() >> 40, -24), random.NextSingle());
    }

    [Fact]
    public void NextNormal_is_the_polar_method()
    {
        // In units of 2⁻²⁴: the logarithm is off by at most 1 ULP, that is 2, which the square root halves; division (halved too),
        // square root and product add a half, 1 and 1. Together 3.5, and 4 with the terms of second order.
        const double Tolerance = 4 * 5.9604644775390625e-8;
        var random = new RandomSource(11);
        ReferenceRandom reference = ReferenceRandom.FromSeed(11);
        for (int pair = 0; pair < 2000; pair++)
        {
            (double first, double second) = Polar(reference);
            AssertClose(first, random.NextNormal());
            AssertClose(second, random.NextNormal());
        }

        static void AssertClose(double expected, float actual) =>
            Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), $"{actual:R} is not near {expected:R}");
    }

    [Fact]
    public void NextNormal_has_the_moments_of_the_normal_distribution()
    {
        const int Count = 100_000;
        const ulong Seed = 5;
        var random = new RandomSource(Seed);
        double[] z = [.. Enumerable.Range(0, Count).Select(_ => (double)random.NextNormal())];
        // Five standard deviations of each estimate: 1/√n, √(2/n), √(p(1−p)/n).
        const double Inside = 0.682689492137086;
        Assert.True(Math.Abs(z.Average()) < 5 / Math.Sqrt(Count), $"mean, seed {Seed}");
        Assert.True(Math.Abs(z.Average(x => x * x) - 1) < 5 * Math.Sqrt(2.0 / Count), $"variance, seed {Seed}");
        double inside = z.Count(x => Math.Abs(x) < 1) / (double)Count;
        Assert.True(Math.Abs(inside - Inside) < 5 * Math.Sqrt(Inside * (1 - Inside) / Count), $"within one deviation, seed {Seed}");
    }

    /// <summary>In double after the radius, which the method defines in single precision.</summary>
    private static (double First, double Second) Polar(ReferenceRandom reference)
    {
        while (true)
        {
            double u = Math.ScaleB(reference.Next() >> 40, -23) - 1;
            double v = Math.ScaleB(reference.Next() >> 40, -23) - 1;
            double s = (float)((double)(float)(u * u) + (float)(v * v));
            if (s is 0 or >= 1) continue;
            double scale = Math.Sqrt(-2 * Math.Log(s) / s);
            return (u * scale, v * scale);
        }
    }

    private static T[] Take<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
}
