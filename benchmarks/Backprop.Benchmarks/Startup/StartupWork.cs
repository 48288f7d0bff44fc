using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Backprop.Data;
using Backprop.Networks;
using Backprop.Training;

namespace Backprop.Benchmarks.Startup;

/// <summary>
/// What a program that embeds the library does first. Public methods of the library alone are called, so that this can be loaded beside
/// another build of it; each stage is a method of its own, so that none compiles what another one calls.
/// </summary>
internal static class StartupWork
{
    /// <summary>Examples of an epoch: as many as the embedded digits have for training.</summary>
    public const int Examples = 1437;

    /// <summary>Examples of a step.</summary>
    public const int BatchSize = 10;

    private const int Seed = 1;

    // those of the embedded digits
    private const int DigitInputs = 64, DigitClasses = 10;

    /// <summary>
    /// Goes as far as <paramref name="stage"/>. What is returned tells what came of it, as a digest, and may take its time.
    /// </summary>
    public static Func<string> Run(string stage, int[] layers) => stage switch
    {
        StartupStage.Predict => Predict(layers),
        StartupStage.Step => Step(layers),
        StartupStage.Epoch => Train(layers),
        _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, null),
    };

    private static Func<string> Predict(int[] layers)
    {
        Network network = CreateNetwork(layers);
        float[] input = RandomInputs(layers[0]);
        network.Classify(input);
        return () => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(network.Predict(input).AsSpan())));
    }

    private static Func<string> Step(int[] layers)
    {
        Network network = CreateNetwork(layers);
        float[] inputs = RandomInputs(BatchSize * layers[0]);
        new Trainer(network, new TrainingOptions { BatchSize = BatchSize }).Step(inputs, Classes(BatchSize, layers[^1]));
        return network.ComputeSha256;
    }

    private static Func<string> Train(int[] layers)
    {
        bool fitsDigits = layers[0] == DigitInputs && layers[^1] == DigitClasses;
        LabelledExamples examples = fitsDigits ? LoadDigits() : CreateExamples(layers[0], layers[^1]);
        Network network = CreateNetwork(layers);
        new Trainer(network, new TrainingOptions { BatchSize = BatchSize, Epochs = 1 }).Train(examples);
        return network.ComputeSha256;
    }

    private static Network CreateNetwork(int[] layers)
    {
        Network network = new(layers);
        Initializer.Initialize(network, Initialization.ScaledNormal, Seed);
        return network;
    }

    private static LabelledExamples LoadDigits() => Digits.Load().Shuffle(Seed).Slice(0, Examples);

    private static LabelledExamples CreateExamples(int inputs, int classes) =>
        new(RandomInputs(Examples * inputs), Classes(Examples, classes), inputs, classes);

    // evenly over [0, 1) as pixels are; the runtime has this compiled already
    private static float[] RandomInputs(int count)
    {
        Random random = new(Seed);
        float[] inputs = new float[count];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = random.NextSingle();
        return inputs;
    }

    private static int[] Classes(int count, int classCount)
    {
        int[] classes = new int[count];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = i % classCount;
        return classes;
    }
}
