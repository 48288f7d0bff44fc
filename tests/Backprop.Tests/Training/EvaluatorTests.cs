using Backprop.Data;
using Backprop.Networks;
using Backprop.Tests.Networks;
using Backprop.Tests.Reference;
using Backprop.Tests.Support;
using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Training;

public class EvaluatorTests
{
    /// <summary>With the unit matrix for weights the prediction is the position of the largest input.</summary>
    [Fact]
    public void Counts_actual_against_predicted()
    {
        Network network = new(3, 3);
        network.SetWeights(1, [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        const int Count = 2 * Evaluator.ChunkRows + 37;
        Random random = new(41);
        int[] expected = new int[9];
        float[] inputs = new float[Count * 3];
        int[] classes = new int[Count];
        for (int i = 0; i < Count; i++)
        {
            int predicted = random.Next(3);
            classes[i] = random.Next(3);
            inputs[3 * i + predicted] = 1;
            expected[3 * classes[i] + predicted]++;
        }

        Evaluation evaluation = Evaluator.Evaluate(network, new LabelledExamples(inputs, classes, 3, 3));
        Assert.Equal(expected, evaluation.Confusion);
        Assert.Equal((expected[0] + expected[4] + expected[8]) / (double)Count, evaluation.Accuracy);
        Assert.Equal(3, evaluation.Classes);
        Assert.Equal(Count, evaluation.Count);
    }

    [Fact]
    public void The_cost_is_the_mean_of_the_reference()
    {
        NetworkCase random = new("9-7-4", Batch: Evaluator.ChunkRows + 50, Seed: 42);
        ReferenceNetwork reference = random.Network;
        LabelledExamples examples = new(random.Inputs(), random.Classes(), 9, 4);
        double expected = reference.Cost(NetworkCase.Rows(random.Inputs(), 9), NetworkCase.OneHot(random.Classes(), 4));
        Evaluation evaluation = Evaluator.Evaluate(reference.ToNetwork(), examples, threads: 2);
        // Two layers of sums of at most 10 terms under 1, their errors doubled by ln Σ exp: less than 100 roundings.
        Assert.Equal(expected, evaluation.Cost, 100.0 / (1 << 24));
    }

    [Fact]
    public void The_cost_stays_finite_where_the_probability_is_zero()
    {
        Network network = new(1, 2);
        network.SetWeights(1, [1000, 0]);
        Evaluation evaluation = Evaluator.Evaluate(network, new LabelledExamples([1], [1], 1, 2));
        Assert.Equal(1000, evaluation.Cost);
        Assert.Equal(0, evaluation.Accuracy);
    }

    [Fact]
    public void Fewer_classes_than_outputs_are_welcome()
    {
        Evaluation evaluation = Evaluator.Evaluate(new Network(1, 3), new LabelledExamples([1, 2], [0, 1], 1, 2));
        Assert.Equal([1, 0, 0, 1, 0, 0, 0, 0, 0], evaluation.Confusion);
    }

    /// <summary>A matrix of 5000² counts would be 100 MB, one of 50,000² does not exist; cost and accuracy need neither.</summary>
    [Fact]
    public void Many_outputs_are_measured_without_a_confusion_matrix()
    {
        Network network = new(1, 5000);
        LabelledExamples examples = new([1, 2], [0, 4999], 1, 5000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        (double cost, double accuracy) = Evaluator.Measure(network, examples, Evaluator.CreateWorkspace(network, 2, threads: 1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        // All outputs are equal: the first is predicted, each with the probability 1/5000; ln is good to a few roundings of 8.5.
        Assert.Equal(0.5, accuracy);
        Assert.Equal(Math.Log(5000), cost, 1e-5);
        Refusal.Of<ArgumentException>("network", () => Evaluator.Evaluate(network, examples), 4096, 5000);
    }

    [Fact]
    public void Training_knows_no_limit_of_classes()
    {
        Network network = new(1, 50_000);
        Trainer trainer = new(network, new TrainingOptions { Epochs = 1, BatchSize = 2 });
        LabelledExamples examples = new([1, 2], [0, 49_999], 1, 50_000);
        EpochReport report = Assert.Single(trainer.Train(
            examples, examples, cancellationToken: TestContext.Current.CancellationToken).Epochs);
        Assert.Equal(Math.Log(50_000), report.TrainCost, 1e-4);
    }

    [Fact]
    public void The_largest_confusion_matrix_has_4096_classes()
    {
        LabelledExamples examples = new([1], [4_095], 1, 4_096);
        Assert.Equal(4_096 * 4_096, Evaluator.Evaluate(new Network(1, 4_096), examples).Confusion.Count);
        Refusal.Of<ArgumentException>("network", () => Evaluator.Evaluate(new Network(1, 4_097), examples), 4_096, 4_097);
    }

    [Fact]
    public void Refuses_what_does_not_fit()
    {
        Network network = new(2, 3);
        Assert.Throws<ArgumentNullException>("network", () => Evaluator.Evaluate(null!, new LabelledExamples([], [], 2, 3)));
        Assert.Throws<ArgumentNullException>("examples", () => Evaluator.Evaluate(network, null!));
        Refusal.Of<ArgumentException>("examples", () => Evaluator.Evaluate(network, new LabelledExamples([], [], 2, 3)), 1, 0);
        Refusal.Of<ArgumentException>("examples", () => Evaluator.Evaluate(network, new LabelledExamples(new float[5], [0], 5, 3)), 2, 5);
        Refusal.Of<ArgumentException>("examples", () => Evaluator.Evaluate(network, new LabelledExamples(new float[2], [0], 2, 4)), 3, 4);
        Refusal.Of<ArgumentOutOfRangeException>(
            "threads", () => Evaluator.Evaluate(network, new LabelledExamples(new float[2], [0], 2, 3), 0), 0);
    }
}
