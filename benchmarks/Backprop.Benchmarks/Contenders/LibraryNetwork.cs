using Backprop.Benchmarks.Cases;
using Backprop.Networks;
using Backprop.Training;

namespace Backprop.Benchmarks.Contenders;

/// <summary>Step and prediction of the library's network, started from the parameters of a case.</summary>
internal static class LibraryNetwork
{
    public static BoundCall? Bind(NetworkCase problem, int threads) => problem switch
    {
        StepCase step => BindStep(step, threads),
        PredictCase predict => BindPredict(predict, threads),
        _ => null,
    };

    private static BoundCall BindStep(StepCase problem, int threads)
    {
        Network network = Create(problem);
        Trainer trainer = new(network, new TrainingOptions
        {
            BatchSize = problem.Batch,
            LearningRate = StepCase.LearningRate,
            Threads = threads,
        });
        return new(() => trainer.Step(problem.Examples, problem.Classes), () => CopyParameters(network, problem.Updated));
    }

    private static BoundCall BindPredict(PredictCase problem, int threads)
    {
        Network network = Create(problem);
        Workspace workspace = new(network, problem.Batch, threads);
        return new(() => network.Predict(problem.Examples, problem.Batch, workspace, problem.Activations));
    }

    private static Network Create(NetworkCase problem)
    {
        Network network = new([.. problem.Layers]);
        for (int layer = 1; layer <= problem.Depth; layer++)
        {
            network.SetWeights(layer, problem.Weights[layer - 1]);
            network.SetBiases(layer, problem.Biases[layer - 1]);
        }
        return network;
    }

    private static void CopyParameters(Network network, Span<float> destination)
    {
        for (int layer = 1; layer <= network.Depth; layer++)
        {
            int weights = network.Layers[layer - 1] * network.Layers[layer];
            network.GetWeights(layer, destination[..weights]);
            network.GetBiases(layer, destination.Slice(weights, network.Layers[layer]));
            destination = destination[(weights + network.Layers[layer])..];
        }
    }
}
