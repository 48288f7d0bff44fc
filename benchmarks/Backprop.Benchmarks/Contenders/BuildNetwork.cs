using System.Runtime.CompilerServices;
using Backprop.Benchmarks.Cases;
using Backprop.Networks;
using Backprop.Training;

namespace Backprop.Benchmarks.Contenders;

/// <summary>
/// Step and prediction of a build's network, started from the parameters of a case: what <see cref="LibraryNetwork"/> does, without the
/// types of that build. A method is called by its address with its object first, as the runtime itself calls constructors.
/// </summary>
internal sealed unsafe class BuildNetwork
{
    private const string Constructor = ".ctor";
    private const string NetworkType = "Backprop.Networks.Network", WorkspaceType = "Backprop.Networks.Workspace";
    private const string TrainerType = "Backprop.Training.Trainer", OptionsType = "Backprop.Training.TrainingOptions";

    private readonly LibraryBuild _build;
    private readonly NetworkCase _problem;
    private readonly object _network;
    private readonly delegate*<object, int, Span<float>, void> _getWeights, _getBiases;

    private BuildNetwork(LibraryBuild build, NetworkCase problem)
    {
        (_build, _problem) = (build, problem);
        _getWeights = FindGetter(nameof(Network.GetWeights));
        _getBiases = FindGetter(nameof(Network.GetBiases));
        _network = Create();
        SetParameters(nameof(Network.SetWeights), problem.Weights);
        SetParameters(nameof(Network.SetBiases), problem.Biases);
    }

    public static BoundCall? Bind(LibraryBuild build, NetworkCase problem, int threads) => problem switch
    {
        StepCase step => new BuildNetwork(build, step).BindStep(step, threads),
        PredictCase predict => new BuildNetwork(build, predict).BindPredict(predict, threads),
        _ => null,
    };

    private BoundCall BindStep(StepCase problem, int threads)
    {
        object trainer = CreateTrainer(CreateOptions(threads));
        var step = (delegate*<object, ReadOnlySpan<float>, ReadOnlySpan<int>, float>)_build.Find(
            TrainerType, nameof(Trainer.Step), typeof(delegate*<object, ReadOnlySpan<float>, ReadOnlySpan<int>, float>));
        return new(() => step(trainer, problem.Examples, problem.Classes), () => CopyParameters(problem.Updated));
    }

    private BoundCall BindPredict(PredictCase problem, int threads)
    {
        object network = _network, workspace = CreateWorkspace(threads);
        var predict = (delegate*<object, ReadOnlySpan<float>, int, object, Span<float>, void>)_build.Find(
            NetworkType, nameof(Network.Predict), typeof(delegate*<object, ReadOnlySpan<float>, int, object, Span<float>, void>));
        return new(() => predict(network, problem.Examples, problem.Batch, workspace, problem.Activations));
    }

    private object Create()
    {
        var construct = (delegate*<object, ReadOnlySpan<int>, void>)_build.Find(
            NetworkType, Constructor, typeof(delegate*<object, ReadOnlySpan<int>, void>));
        object network = Allocate(NetworkType);
        construct(network, [.. _problem.Layers]);
        return network;
    }

    private object CreateWorkspace(int threads)
    {
        var construct = (delegate*<object, object, int, int, void>)_build.Find(
            WorkspaceType, Constructor, typeof(delegate*<object, object, int, int, void>));
        object workspace = Allocate(WorkspaceType);
        construct(workspace, _network, _problem.Batch, threads);
        return workspace;
    }

    private object CreateTrainer(object options)
    {
        var construct = (delegate*<object, object, object, void>)_build.Find(
            TrainerType, Constructor, typeof(delegate*<object, object, object, void>));
        object trainer = Allocate(TrainerType);
        construct(trainer, _network, options);
        return trainer;
    }

    private object CreateOptions(int threads)
    {
        object options = Activator.CreateInstance(_build.FindType(OptionsType))!;
        SetOption(options, nameof(TrainingOptions.BatchSize), _problem.Batch);
        SetOption(options, nameof(TrainingOptions.LearningRate), StepCase.LearningRate);
        SetOption(options, nameof(TrainingOptions.Threads), threads);
        return options;
    }

    private static void SetOption<T>(object options, string name, T value)
    {
        if (options.GetType().GetProperty(name, typeof(T)) is not { CanWrite: true } property)
            throw new MissingMemberException($"it has no public {OptionsType}.{name} of this build's type");
        property.SetValue(options, value);
    }

    private object Allocate(string type) => RuntimeHelpers.GetUninitializedObject(_build.FindType(type));

    private void SetParameters(string method, IReadOnlyList<Operand> layers)
    {
        var set = (delegate*<object, int, ReadOnlySpan<float>, void>)_build.Find(
            NetworkType, method, typeof(delegate*<object, int, ReadOnlySpan<float>, void>));
        for (int layer = 1; layer <= layers.Count; layer++)
            set(_network, layer, layers[layer - 1]);
    }

    private delegate*<object, int, Span<float>, void> FindGetter(string method) =>
        (delegate*<object, int, Span<float>, void>)_build.Find(
            NetworkType, method, typeof(delegate*<object, int, Span<float>, void>));

    private void CopyParameters(Span<float> destination)
    {
        for (int layer = 1; layer <= _problem.Depth; layer++)
        {
            int outputs = _problem.Layers[layer], weights = _problem.Layers[layer - 1] * outputs;
            _getWeights(_network, layer, destination[..weights]);
            _getBiases(_network, layer, destination.Slice(weights, outputs));
            destination = destination[(weights + outputs)..];
        }
    }
}
