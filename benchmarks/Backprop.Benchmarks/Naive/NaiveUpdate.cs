using static Backprop.Benchmarks.Cases.UpdateCase;

namespace Backprop.Benchmarks.Naive;

/// <summary>Optimisers as their formulas are written down.</summary>
internal static class NaiveUpdate
{
    private static readonly float s_correction1 = (float)Correction1, s_correction2 = (float)Correction2;

    public static void GradientDescent(ReadOnlySpan<float> gradient, Span<float> parameters)
    {
        for (int i = 0; i < gradient.Length; i++)
            parameters[i] -= LearningRate * (gradient[i] + Decay * parameters[i]);
    }

    public static void WithMomentum(ReadOnlySpan<float> gradient, Span<float> velocity, Span<float> parameters)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            velocity[i] = Momentum * velocity[i] - LearningRate * (gradient[i] + Decay * parameters[i]);
            parameters[i] += velocity[i];
        }
    }

    public static void Nesterov(ReadOnlySpan<float> gradient, Span<float> velocity, Span<float> parameters)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            float descent = LearningRate * (gradient[i] + Decay * parameters[i]);
            velocity[i] = Momentum * velocity[i] - descent;
            parameters[i] += Momentum * velocity[i] - descent;
        }
    }

    public static void RmsProp(ReadOnlySpan<float> gradient, Span<float> square, Span<float> parameters)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            float pull = gradient[i] + Decay * parameters[i];
            square[i] = Beta2 * square[i] + (1 - Beta2) * pull * pull;
            parameters[i] -= LearningRate * pull / (MathF.Sqrt(square[i]) + Tiny);
        }
    }

    public static void Adam(ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, Span<float> parameters)
    {
        for (int i = 0; i < gradient.Length; i++)
            parameters[i] -= AdamStep(gradient[i] + Decay * parameters[i], ref mean[i], ref square[i]);
    }

    public static void AdamW(ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, Span<float> parameters)
    {
        for (int i = 0; i < gradient.Length; i++)
            parameters[i] = (1 - LearningRate * Decay) * parameters[i] - AdamStep(gradient[i], ref mean[i], ref square[i]);
    }

    private static float AdamStep(float pull, ref float mean, ref float square)
    {
        mean = Beta1 * mean + (1 - Beta1) * pull;
        square = Beta2 * square + (1 - Beta2) * pull * pull;
        return LearningRate * (mean / s_correction1) / (MathF.Sqrt(square / s_correction2) + Tiny);
    }
}
