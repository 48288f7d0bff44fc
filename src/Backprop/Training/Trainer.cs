using Backprop.Data;
using Backprop.Kernels;
using Backprop.Networks;

namespace Backprop.Training;

/// <summary>
/// Trains a network on mini-batches, by the mean gradient of the cross-entropy and an <see cref="Optimizer"/>. Plain gradient descent with
/// L2 is W ← (1 − ηλ/n) W − (η/m) Σ ∇C_x, b ← b − (η/m) Σ ∇C_x.
/// </summary>
/// <remarks>
/// Not for use by two threads at once, nor while another thread uses its network. The same parameters, examples and options give
/// the same bits whatever the vector width, the number of threads and the platform. A step allocates nothing.
/// </remarks>
public sealed class Trainer
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly Workspace _workspace;
    private readonly ParameterUpdate _update;
    private readonly ClassCost? _classCost;
    private float _learningRate;

    /// <summary>Prepares to train; the network keeps the parameters it has.</summary>
    /// <param name="network">The network to change.</param>
    /// <param name="options">How to train.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public Trainer(Network network, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        options.RequireClasses(network.OutputSize);
        _network = network;
        _options = options;
        _workspace = new Workspace(network, options.BatchSize, options.Threads);
        _update = new ParameterUpdate(network, options);
        _classCost = ClassCost.Create(options, network.OutputSize);
        _learningRate = options.LearningRate;
    }

    /// <summary>
    /// η of the next step: that of the options until it is set, or until <see cref="Train"/> sets it by their schedule, step by step.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public float LearningRate
    {
        get => _learningRate;
        set
        {
            if (!float.IsFinite(value) || value < 0)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, FormattableString.Invariant($"LearningRate: expected a finite number, 0 or more, got {value}"));
            }

            _learningRate = value;
        }
    }

    /// <summary>Takes one step on a mini-batch of one example a class index.</summary>
    /// <param name="inputs">rows × n_0, row-major, with as many rows as <paramref name="classes"/> has elements.</param>
    /// <param name="classes">The class of each row, 0 … n_L − 1: at least one, at most the batch size.</param>
    /// <returns>The mean cost of the batch before the step. If it is NaN or infinite, no step was taken.</returns>
    /// <exception cref="ArgumentException">
    /// No row, too many rows, a wrong length, or a class that is not there; nothing has changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">L2 without <see cref="TrainingOptions.TrainingSetSize"/>.</exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes)
    {
        int trainingSetSize = RequireTrainingSetSize();
        Check.NotEmpty(classes.Length, nameof(classes));
        _network.CheckBatch(inputs, classes.Length, _workspace);
        return TakeStep(inputs, classes, trainingSetSize).Cost;
    }

    /// <summary>Takes one step on a mini-batch with a row of targets, one-hot or soft, for each example.</summary>
    /// <param name="inputs">rows × n_0, row-major.</param>
    /// <param name="targets">rows × n_L, row-major, each row of sum 1.</param>
    /// <param name="rows">At least 1, at most the batch size.</param>
    /// <returns>The mean cost of the batch before the step. If it is NaN or infinite, no step was taken.</returns>
    /// <exception cref="ArgumentException">
    /// No row, too many rows, a wrong length, or a row of targets with a NaN or another sum than 1; nothing has changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// L2 without <see cref="TrainingOptions.TrainingSetSize"/>, or options with class weights or label smoothing.
    /// </exception>
    public float Step(ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int rows)
    {
        int trainingSetSize = RequireTrainingSetSize();
        if (_classCost is not null)
            throw new InvalidOperationException("ClassWeights, LabelSmoothing: a step with rows of targets needs options without them");
        Check.Positive(rows);
        _network.CheckBatch(inputs, rows, _workspace);
        Check.Matrix(targets.Length, rows, _network.OutputSize, nameof(targets));
        float cost = BackwardPass.ComputeDeltas(_network, inputs, targets, rows, _workspace);
        if (float.IsFinite(cost))
            _update.Step(inputs, rows, _workspace, rows, _learningRate, trainingSetSize);
        return cost;
    }

    /// <summary>
    /// Trains for the epochs of the options, each through all training examples in an order of its own, drawn from a generator
    /// seeded by <see cref="TrainingOptions.Seed"/> XOR a constant.
    /// </summary>
    /// <param name="training">The examples to learn, at least one.</param>
    /// <param name="validation">Examples to evaluate after each epoch, or null.</param>
    /// <param name="progress">Called after a step, at most ten times a second.</param>
    /// <param name="epochFinished">Called after each epoch; it may use the network but not change it.</param>
    /// <param name="cancellationToken">Ends the training between two steps; the network keeps what it has learned.</param>
    /// <exception cref="ArgumentNullException"><paramref name="training"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The examples do not fit the network, or there is none; or none to validate with where the options have a patience.
    /// </exception>
    /// <exception cref="TrainingDivergedException">A cost is NaN or infinite; the parameters are those that gave it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public TrainingResult Train(
        LabelledExamples training,
        LabelledExamples? validation = null,
        Action<TrainingProgress>? progress = null,
        Action<EpochReport>? epochFinished = null,
        CancellationToken cancellationToken = default)
    {
        Evaluator.RequireFit(_network, training, nameof(training));
        if (validation is not null)
            Evaluator.RequireFit(_network, validation, nameof(validation));
        else if (_options.Patience is not null)
            throw new ArgumentNullException(nameof(validation), "validation: early stopping with Patience needs validation examples");
        BatchSampler sampler = new(training, _options.BatchSize, _options.Seed);
        Workspace evaluation = Evaluator.CreateWorkspace(
            _network, Math.Max(training.Count, validation?.Count ?? 0), _options.Threads);
        TrainingClock clock = new(_options, training.Count);
        List<EpochReport> reports = [];
        BestEpoch best = new();
        for (int epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            double cost = RunEpoch(sampler, training.Count, epoch, clock, progress, cancellationToken);
            EpochReport report = Report(epoch, cost, clock.EpochSeconds, training, validation, evaluation);
            reports.Add(report);
            best.Consider(report);
            epochFinished?.Invoke(report);
            if (epoch - best.Epoch >= _options.Patience)
                break;
        }

        return new TrainingResult(
            reports, clock.Seconds, TrainingClock.Rate((double)reports.Count * training.Count, clock.Seconds), best.Epoch);
    }

    /// <summary>The steps of one epoch. Returns the mean cost of its examples.</summary>
    private double RunEpoch(
        BatchSampler sampler, int examples, int epoch, TrainingClock clock,
        Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int trainingSetSize = _options.TrainingSetSize ?? examples;
        int stepsPerEpoch = CountSteps(examples);
        double totalCost = 0;
        double totalWeight = 0;
        int done = 0;
        clock.StartEpoch();
        sampler.StartEpoch();
        for (int step = 1; sampler.MoveNext(); step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (step == 1 || epoch <= _options.Schedule.WarmUpEpochs)
                _learningRate = _options.Schedule.Rate(_options.LearningRate, _options.Epochs, epoch, step, stepsPerEpoch);
            (float cost, float weight) = TakeStep(sampler.Inputs, sampler.Classes, trainingSetSize);
            if (!float.IsFinite(cost))
                throw new TrainingDivergedException(epoch, step, cost, _learningRate);
            totalCost += (double)cost * weight;
            totalWeight += weight;
            done += sampler.Rows;
            if (progress is not null)
                clock.Report(progress, epoch, done, totalCost / totalWeight);
        }

        clock.EndEpoch();
        return totalCost / totalWeight;
    }

    /// <summary>Cost, deltas and update of a batch that has been checked; the weight is the number of rows or the sum of theirs.</summary>
    private (float Cost, float Weight) TakeStep(ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, int trainingSetSize)
    {
        int rows = classes.Length;
        (float cost, float weight) = _classCost is null
            ? (BackwardPass.ComputeDeltas(_network, inputs, classes, rows, _workspace), rows)
            : _classCost.ComputeDeltas(_network, inputs, classes, rows, _workspace);
        if (float.IsFinite(cost))
            _update.Step(inputs, rows, _workspace, weight, _learningRate, trainingSetSize);
        return (cost, weight);
    }

    private EpochReport Report(
        int epoch, double cost, double seconds, LabelledExamples training, LabelledExamples? validation, Workspace workspace)
    {
        (double trainingCost, double trainingAccuracy) = Evaluator.Measure(_network, training, workspace);
        if (!double.IsFinite(trainingCost))
        {
            throw new TrainingDivergedException(epoch, CountSteps(training.Count), trainingCost, _learningRate);
        }

        (double Cost, double Accuracy)? onValidation = validation is null ? null : Evaluator.Measure(_network, validation, workspace);
        return new EpochReport(
            epoch, cost, trainingAccuracy, onValidation?.Cost, onValidation?.Accuracy,
            seconds, TrainingClock.Rate(training.Count, seconds));
    }

    private int CountSteps(int examples) => (int)(((long)examples + _options.BatchSize - 1) / _options.BatchSize);

    private int RequireTrainingSetSize()
    {
        if (_options.L2 > 0 && _options.TrainingSetSize is null)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"TrainingSetSize: a step with L2 = {_options.L2} needs the number of training examples in the options"));
        }

        return _options.TrainingSetSize ?? 1;
    }
}
