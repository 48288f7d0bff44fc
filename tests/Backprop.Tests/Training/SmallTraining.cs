using Backprop.Data;
using Backprop.Networks;
using Backprop.Tests.Networks;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Training;

/// <summary>A network of eleven neurons and examples that it can learn.</summary>
internal static class SmallTraining
{
    public static TrainingResult Train(
        Network network,
        TrainingOptions options,
        LabelledExamples training,
        LabelledExamples? validation = null,
        Action<EpochReport>? epochFinished = null) =>
        new Trainer(network, options).Train(training, validation, null, epochFinished, TestContext.Current.CancellationToken);

    public static Network Fresh() => new NetworkCase("2-8-3", 1, Seed: 34).Network.ToNetwork();

    /// <summary>Points around three corners of the unit square, far from one another.</summary>
    public static LabelledExamples Corners(int count)
    {
        Random random = new(count);
        float[] inputs = new float[count * 2];
        int[] classes = new int[count];
        for (int i = 0; i < count; i++)
        {
            classes[i] = i % 3;
            inputs[2 * i] = (classes[i] == 1 ? 1 : 0) + 0.2f * random.NextSingle();
            inputs[2 * i + 1] = (classes[i] == 2 ? 1 : 0) + 0.2f * random.NextSingle();
        }

        return new LabelledExamples(inputs, classes, 2, 3);
    }
}
