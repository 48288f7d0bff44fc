namespace Backprop.Benchmarks.Cases;

/// <summary>What an <see cref="UpdateCase"/> makes of one parameter, with the error that single precision may have.</summary>
internal readonly record struct UpdateReference(RoundedNumber Mean, RoundedNumber Square, RoundedNumber Parameter)
{
    private const float Rate = UpdateCase.LearningRate;

    public static UpdateReference Compute(UpdateRule rule, float gradient, float mean, float square, float parameter)
    {
        RoundedNumber w = parameter, p = gradient + UpdateCase.Decay * w;
        return rule switch
        {
            UpdateRule.GradientDescent => new(mean, square, w - Rate * p),
            UpdateRule.Momentum => Momentum(mean, square, w, p),
            UpdateRule.Nesterov => Nesterov(mean, square, w, p),
            UpdateRule.RmsProp => RmsProp(mean, square, w, p),
            UpdateRule.Adam => Adam(mean, square, w, p),
            UpdateRule.AdamW => Adam(mean, square, RoundedNumber.Of(1 - (double)Rate * UpdateCase.Decay) * w, gradient),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "not a rule"),
        };
    }

    private static UpdateReference Momentum(RoundedNumber v, RoundedNumber square, RoundedNumber w, RoundedNumber p)
    {
        RoundedNumber velocity = UpdateCase.Momentum * v - Rate * p;
        return new(velocity, square, w + velocity);
    }

    private static UpdateReference Nesterov(RoundedNumber v, RoundedNumber square, RoundedNumber w, RoundedNumber p)
    {
        RoundedNumber velocity = UpdateCase.Momentum * v - Rate * p;
        return new(velocity, square, w + (UpdateCase.Momentum * velocity - Rate * p));
    }

    private static UpdateReference RmsProp(RoundedNumber mean, RoundedNumber s, RoundedNumber w, RoundedNumber p)
    {
        RoundedNumber square = Average(UpdateCase.Beta2, s, p * p);
        return new(mean, square, w - Rate * (p / (RoundedNumber.Sqrt(square) + UpdateCase.Tiny)));
    }

    private static UpdateReference Adam(RoundedNumber m, RoundedNumber s, RoundedNumber kept, RoundedNumber p)
    {
        RoundedNumber mean = Average(UpdateCase.Beta1, m, p), square = Average(UpdateCase.Beta2, s, p * p);
        RoundedNumber root = RoundedNumber.Sqrt(square / RoundedNumber.Of(UpdateCase.Correction2));
        return new(mean, square, kept - Rate * (mean / RoundedNumber.Of(UpdateCase.Correction1) / (root + UpdateCase.Tiny)));
    }

    private static RoundedNumber Average(float share, RoundedNumber past, RoundedNumber fresh) =>
        share * past + RoundedNumber.Of(1 - (double)share) * fresh;
}
