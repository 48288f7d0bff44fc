using System.Globalization;
using Backprop.Tests.Support;
using Backprop.Training;
using Xunit;
using static Backprop.Tests.Training.SmallTraining;

namespace Backprop.Tests.Training;

public class TrainingOptionsTests
{
    [Theory]
    [InlineData(nameof(TrainingOptions.LearningRate), float.NaN)]
    [InlineData(nameof(TrainingOptions.LearningRate), -0.1f)]
    [InlineData(nameof(TrainingOptions.LearningRate), float.PositiveInfinity)]
    [InlineData(nameof(TrainingOptions.L2), float.NaN)]
    [InlineData(nameof(TrainingOptions.L2), -1f)]
    [InlineData(nameof(TrainingOptions.L2), float.PositiveInfinity)]
    [InlineData(nameof(TrainingOptions.Momentum), float.NaN)]
    [InlineData(nameof(TrainingOptions.Momentum), -0.1f)]
    [InlineData(nameof(TrainingOptions.Momentum), 1f)]
    [InlineData(nameof(TrainingOptions.Beta1), 1f)]
    [InlineData(nameof(TrainingOptions.Beta2), -0.1f)]
    [InlineData(nameof(TrainingOptions.Rho), float.NaN)]
    [InlineData(nameof(TrainingOptions.Epsilon), 0f)]
    [InlineData(nameof(TrainingOptions.WeightDecay), -1f)]
    public void Refuses_a_rate_out_of_range(string option, float value)
    {
        TrainingOptions options = option switch
        {
            nameof(TrainingOptions.LearningRate) => new TrainingOptions { LearningRate = value },
            nameof(TrainingOptions.L2) => new TrainingOptions { L2 = value },
            nameof(TrainingOptions.Momentum) => new TrainingOptions { Momentum = value },
            nameof(TrainingOptions.Beta1) => new TrainingOptions { Beta1 = value },
            nameof(TrainingOptions.Beta2) => new TrainingOptions { Beta2 = value },
            nameof(TrainingOptions.Rho) => new TrainingOptions { Rho = value },
            nameof(TrainingOptions.Epsilon) => new TrainingOptions { Epsilon = value },
            _ => new TrainingOptions { WeightDecay = value },
        };
        ArgumentException exception = Assert.Throws<ArgumentException>(option, () => new Trainer(Fresh(), options));
        Assert.Contains($"got {value.ToString(CultureInfo.InvariantCulture)}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_options_that_do_not_go_together()
    {
        TrainingOptions nesterov = new() { Optimizer = Optimizer.Nesterov };
        Refusal.Of<ArgumentException>("Momentum", () => _ = new Trainer(Fresh(), nesterov), 0);
        foreach (Optimizer optimizer in new[] { Optimizer.RmsProp, Optimizer.Adam, Optimizer.AdamW })
        {
            TrainingOptions options = new() { Optimizer = optimizer, Momentum = 0.5f };
            ArgumentException problem = Assert.Throws<ArgumentException>("Momentum", () => new Trainer(Fresh(), options));
            Assert.Contains(optimizer.ToString(), problem.Message, StringComparison.Ordinal);
        }

        TrainingOptions decaying = new() { Optimizer = Optimizer.AdamW, L2 = 1 };
        ArgumentException decay = Assert.Throws<ArgumentException>("L2", () => new Trainer(Fresh(), decaying));
        Assert.Contains("expected 0 with AdamW, which has a weight decay of its own", decay.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("Optimizer", () => new Trainer(Fresh(), new TrainingOptions { Optimizer = (Optimizer)99 }));
    }

    [Fact]
    public void Refuses_a_count_below_one()
    {
        Refusal.Of<ArgumentException>("Epochs", () => _ = new Trainer(Fresh(), new TrainingOptions { Epochs = 0 }), 1, 0);
        Refusal.Of<ArgumentException>("BatchSize", () => _ = new Trainer(Fresh(), new TrainingOptions { BatchSize = -3 }), 1, -3);
        Refusal.Of<ArgumentException>("Threads", () => _ = new Trainer(Fresh(), new TrainingOptions { Threads = 0 }), 1, 0);
        Refusal.Of<ArgumentException>("TrainingSetSize", () => _ = new Trainer(Fresh(), new TrainingOptions { TrainingSetSize = 0 }), 1, 0);
        Assert.Throws<ArgumentNullException>("network", () => new Trainer(null!, new TrainingOptions()));
        Assert.Throws<ArgumentNullException>("options", () => new Trainer(Fresh(), null!));
    }
}
