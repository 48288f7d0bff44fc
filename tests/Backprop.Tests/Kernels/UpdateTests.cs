using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>What the update kernels have in common: their formulas, their roundings, threads and refusals.</summary>
public class UpdateTests
{
    private const float Rate = 0.1f;
    private const float SmallRate = 0.003f;
    private const float Decay = 0.01f;
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.99f;
    private const float Epsilon = 1e-3f;
    private const int Step = 3;

    /// <summary>One element: gradient, parameter and two numbers it remembers, the second of which is never negative.</summary>
    private readonly record struct Element(double Parameter, double First, double Second);

    public static TheoryData<string> Names => ["GradientDescent", "Momentum", "Nesterov", "RmsProp", "Adam", "AdamW"];

    /// <summary>
    /// No more than ten roundings of 2⁻²⁴ each, of terms whose magnitudes are at most those of the parameter, the state and the step; the
    /// root of a mean square is never below 0.1 here (s ≥ 0.1 · β₂), so that no division is of small numbers.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Is_within_its_roundings_of_the_formula(string name)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Operands given = new(seed, length: 16 + seed);
            foreach (SimdLevel level in Levels.All)
            {
                Operands result = new(seed, given.Length);
                Run(name, level, result);
                for (int i = 0; i < given.Length; i++)
                {
                    Element expected = Formula(name, given.Gradient[i], given.Parameters[i], given.First[i], given.Second[i]);
                    double magnitude = Math.Abs(given.Parameters[i]) + Math.Abs(given.First[i]) + Math.Abs(given.Gradient[i]) + 1;
                    double bound = 10 * Ulp.Roundoff * magnitude;
                    Expect.That(Math.Abs(result.Parameters[i] - expected.Parameter) <= bound, $"{name} {level} seed {seed}: w [{i}]");
                    Expect.That(Math.Abs(result.First[i] - expected.First) <= bound, $"{name} {level} seed {seed}: first [{i}]");
                    Expect.That(Math.Abs(result.Second[i] - expected.Second) <= bound * magnitude, $"{name} {level} seed {seed}: second [{i}]");
                }
            }
        }
    }

    /// <summary>
    /// 500 steps down a random quadratic, the memory carried on and the corrections of each step multiplied up, as a program would: against
    /// the formulas in double, whose gradient is that of its own parameters. An error e of a step is not amplified where the iteration
    /// contracts, and each adds at most the ten roundings above of magnitudes below 8: 500 of them are a bound, on w in −3 … 3.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Many_steps_stay_beside_the_formula(string name)
    {
        const int Length = 37;
        const int Steps = 500;
        Operands o = new(seed: 5, Length);
        Array.Clear(o.First);
        Array.Clear(o.Second);
        float[] curvature = Inputs.Uniform(9_000, Length, 0.25f, 1);
        Element[] reference = Array.ConvertAll(o.Parameters, value => new Element(value, 0, 0));
        for (int step = 1; step <= Steps; step++)
        {
            for (int i = 0; i < Length; i++)
            {
                o.Gradient[i] = curvature[i] * o.Parameters[i];
                Element old = reference[i];
                reference[i] = Formula(name, curvature[i] * old.Parameter, old.Parameter, old.First, old.Second, step, SmallRate);
            }

            Run(name, SimdSupport.Current, o, step: step, rate: SmallRate);
        }

        for (int i = 0; i < Length; i++)
        {
            double error = Math.Abs(o.Parameters[i] - reference[i].Parameter);
            Expect.That(error <= Steps * 10 * Ulp.Roundoff * 8, $"{name} [{i}]: off by {error}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        const int Length = 7 * (1 << 16) + 37;
        Operands expected = new(1, Length);
        Run(name, SimdSupport.Current, expected);
        foreach (int threads in new[] { 2, 3, 7 })
        {
            Operands result = new(1, Length);
            Run(name, SimdSupport.Current, result, threads);
            Bits.AssertSame(expected.Parameters, result.Parameters, $"{name}, {threads} threads: parameters");
            Bits.AssertSame(expected.First, result.First, $"{name}, {threads} threads: first");
            Bits.AssertSame(expected.Second, result.Second, $"{name}, {threads} threads: second");
        }
    }

    /// <summary>Where gradient, parameter and memory are 0 nothing happens: the padding of a network's parameters stays zero.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Zeros_stay_zero(string name)
    {
        foreach (SimdLevel level in Levels.All)
        {
            Operands zeros = new(1, 40);
            foreach (float[] operand in new[] { zeros.Gradient, zeros.Parameters, zeros.First, zeros.Second })
                Array.Clear(operand);
            Run(name, level, zeros);
            Assert.All(zeros.Parameters.Concat(zeros.First).Concat(zeros.Second), value => Assert.Equal(0f, value));
        }
    }

    [Fact]
    public void Refuses_operands_that_do_not_fit()
    {
        float[] values = new float[64];
        float[] nine = new float[9];
        Refusal.Of<ArgumentException>("parameters", () => Kernel.GradientDescentUpdate(nine, 1, 1, new float[8]), 9, 8);
        Refusal.Of<ArgumentException>("parameters", () => Kernel.GradientDescentUpdate(values.AsSpan(0, 9), 1, 1, values.AsSpan(0, 9)));
        Refusal.Of<ArgumentOutOfRangeException>("threads", () => Kernel.GradientDescentUpdate(nine, 1, 1, new float[9], 0), 0);
        Refusal.Of<ArgumentException>("velocity", () => Kernel.NesterovUpdate(nine, 1, 1, 1, new float[8], new float[9]), 9, 8);
        Refusal.Of<ArgumentException>("square", () => Kernel.RmsPropUpdate(nine, 1, 1, 1, 1, new float[8], new float[9]), 9, 8);
        Refusal.Of<ArgumentException>("mean", () => Kernel.AdamUpdate(nine, 1, 1, 1, 1, 1, 1, 1, new float[8], new float[9], new float[9]), 9, 8);
        Refusal.Of<ArgumentException>("square", () => Kernel.AdamWUpdate(nine, 1, 1, 1, 1, 1, 1, 1, new float[9], new float[8], new float[9]), 9, 8);
        Refusal.Of<ArgumentException>("square", () =>
            Kernel.AdamUpdate(nine, 1, 1, 1, 1, 1, 1, 1, values.AsSpan(0, 9), values.AsSpan(8, 9), new float[9]));
        Refusal.Of<ArgumentException>("parameters", () =>
            Kernel.AdamWUpdate(nine, 1, 1, 1, 1, 1, 1, 1, new float[9], values.AsSpan(0, 9), values.AsSpan(8, 9)));
    }

    private static void Run(string name, SimdLevel level, Operands o, int threads = 1, int step = Step, float rate = Rate)
    {
        double correction1 = 1 - Math.Pow(Beta1, step);
        double correction2 = 1 - Math.Pow(Beta2, step);
        switch (name)
        {
            case "GradientDescent":
                Kernel.GradientDescentUpdate(level, o.Gradient, rate, Decay, o.Parameters, threads);
                break;
            case "Momentum":
                Kernel.MomentumUpdate(level, o.Gradient, rate, Beta1, Decay, o.First, o.Parameters, threads);
                break;
            case "Nesterov":
                Kernel.NesterovUpdate(level, o.Gradient, rate, Beta1, Decay, o.First, o.Parameters, threads);
                break;
            case "RmsProp":
                Kernel.RmsPropUpdate(level, o.Gradient, rate, Beta2, Epsilon, Decay, o.Second, o.Parameters, threads);
                break;
            case "Adam":
                Kernel.AdamUpdate(
                    level, o.Gradient, rate, Beta1, Beta2, Epsilon, Decay, correction1, correction2, o.First, o.Second, o.Parameters, threads);
                break;
            default:
                Kernel.AdamWUpdate(
                    level, o.Gradient, rate, Beta1, Beta2, Epsilon, Decay, correction1, correction2, o.First, o.Second, o.Parameters, threads);
                break;
        }
    }

    /// <summary>The formulas of the papers, in double; <see cref="Step"/> is t.</summary>
    private static Element Formula(string name, double g, double w, double first, double second, int step = Step, double rate = Rate)
    {
        double pull = g + (double)Decay * w;
        double mean = Beta1 * first + (1 - (double)Beta1) * (name == "AdamW" ? g : pull);
        double square = Beta2 * second + (1 - (double)Beta2) * Math.Pow(name == "AdamW" ? g : pull, 2);
        double adam = rate * (mean / (1 - Math.Pow(Beta1, step))) / (Math.Sqrt(square / (1 - Math.Pow(Beta2, step))) + Epsilon);
        double velocity = (double)Beta1 * first - rate * pull;
        return name switch
        {
            "GradientDescent" => new(w - rate * pull, first, second),
            "Momentum" => new(w + velocity, velocity, second),
            "Nesterov" => new(w + Beta1 * velocity - rate * pull, velocity, second),
            "RmsProp" => new(w - rate * pull / (Math.Sqrt(square) + Epsilon), first, square),
            "Adam" => new(w - adam, mean, square),
            _ => new((1 - rate * Decay) * w - adam, mean, square),
        };
    }

    private sealed class Operands(int seed, int length)
    {
        public int Length { get; } = length;

        public float[] Gradient { get; } = Inputs.Uniform(seed, length, -3, 3);

        public float[] Parameters { get; } = Inputs.Uniform(seed + 1_000, length, -3, 3);

        public float[] First { get; } = Inputs.Uniform(seed + 2_000, length, -3, 3);

        public float[] Second { get; } = Inputs.Uniform(seed + 3_000, length, 0.1f, 3);
    }
}
