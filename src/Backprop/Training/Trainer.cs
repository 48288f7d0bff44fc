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
        FirstStep.Prepare();
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

    /// <summary>The reports of the epochs that are over, of this training or of the one that a checkpoint held.</summary>
    public IReadOnlyList<EpochReport> Reports => State.Reports.AsReadOnly();

    /// <summary>The network that is trained.</summary>
    internal Network Network => _network;

    /// <summary>How.</summary>
    internal TrainingOptions Options => _options;

    /// <summary>Where the training stands.</summary>
    internal TrainingState State { get; private set; } = new();

    /// <summary>What the optimiser remembers.</summary>
    internal ParameterUpdate Memory => _update;

    /// <summary>
    /// Trains for the epochs of the options, each through all training examples in an order of its own, drawn from a generator
    /// seeded by <see cref="TrainingOptions.Seed"/> XOR a constant. A training that was cancelled, or loaded from a checkpoint, goes on
    /// where it was, to the same bits as if nothing had happened; after one that is finished another begins, with the parameters and
    /// the optimiser's memory as they are.
    /// </summary>
    /// <param name="training">The examples to learn, at least one; those it began with where a training goes on.</param>
    /// <param name="validation">Examples to evaluate after each epoch, or null; likewise.</param>
    /// <param name="progress">Called after a step, at most ten times a second.</param>
    /// <param name="epochFinished">Called after each epoch; it may use the network and save a checkpoint but not change anything.</param>
    /// <param name="cancellationToken">Ends the training between two steps; the network keeps what it has learned.</param>
    /// <exception cref="ArgumentNullException"><paramref name="training"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The examples do not fit the network, or there is none; or none to validate with where the options have a patience; or a training
    /// would go on with others than it began with.
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
        if (State.IsReturned)
            State = new TrainingState();
        State.Take(training, validation, _options);
        BatchSampler sampler = new(training, _options.BatchSize, _options.Seed);
        Workspace? evaluation = validation is null ? null : Evaluator.CreateWorkspace(_network, validation.Count, _options.Threads);
        double examplesDone = (double)State.Reports.Count * training.Count + (double)State.Step * _options.BatchSize;
        TrainingClock clock = new(_options, training.Count, examplesDone);
        while (!State.IsFinished(_options))
        {
            RunEpoch(sampler, training.Count, clock, progress, cancellationToken);
            EpochReport report = Report(training.Count, validation, evaluation);
            if (State.EndEpoch(report))
                State.BestParameters = _network.Parameters.ToArray();
            epochFinished?.Invoke(report);
        }

        State.IsReturned = true;
        double seconds = 0;
        foreach (EpochReport report in State.Reports) seconds += report.Seconds;
        return new TrainingResult(
            [.. State.Reports], seconds, TrainingClock.Rate((double)State.Reports.Count * training.Count, seconds), State.Best.Epoch)
        {
            Best = CopyBest(),
        };
    }

    /// <summary>Puts another state in the place of the present one: what a checkpoint held.</summary>
    internal void GoOnFrom(TrainingState state) => State = state;

    /// <summary>The steps of one epoch, from where it stands.</summary>
    private void RunEpoch(
        BatchSampler sampler, int examples, TrainingClock clock, Action<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        int epoch = State.Reports.Count + 1;
        clock.StartEpoch();
        try
        {
            sampler.StartEpoch(epoch, State.Step);
            SetLearningRate(epoch, examples);
            cancellationToken.ThrowIfCancellationRequested();
            while (sampler.MoveNext())
            {
                if (epoch <= _options.Schedule.WarmUpEpochs)
                    SetLearningRate(epoch, examples);
                TakeStep(sampler, epoch, examples);
                if (progress is not null)
                    clock.Report(progress, epoch, sampler.Done, State.TotalCost / State.TotalWeight);
                cancellationToken.ThrowIfCancellationRequested();
            }

            RequireFiniteCost(sampler, epoch);
        }
        finally
        {
            clock.EndEpoch();
            State.Seconds += clock.EpochSeconds;
        }
    }

    private void SetLearningRate(int epoch, int examples)
    {
        // A training that was stopped after the last step of an epoch has no next one in it.
        int steps = _options.CountSteps(examples);
        _learningRate = _options.Schedule.Rate(
            _options.LearningRate, _options.Epochs, epoch, Math.Min(State.Step + 1, steps), steps);
    }

    private void TakeStep(BatchSampler sampler, int epoch, int examples)
    {
        (float cost, float weight) = TakeStep(sampler.Inputs, sampler.Classes, _options.TrainingSetSize ?? examples);
        // No step was taken where the cost is no number: whoever goes on comes to the same batch again.
        if (!float.IsFinite(cost))
            throw new TrainingDivergedException(epoch, State.Step + 1, cost, _learningRate);
        State.Step++;
        State.TotalCost += (double)cost * weight;
        State.TotalWeight += weight;
        State.Correct += Evaluator.CountCorrect(_workspace.Activations(_network.Depth, sampler.Rows), sampler.Classes);
    }

    /// <summary>The last step of an epoch has no next one that would notice its failure.</summary>
    private void RequireFiniteCost(BatchSampler sampler, int epoch)
    {
        ReadOnlySpan<float> z = ForwardPass.ComputeOutputZ(_network, sampler.Inputs, sampler.Rows, _workspace);
        float cost = Kernel.CrossEntropyFromLogits(z, sampler.Classes, sampler.Rows, _network.OutputSize);
        if (!float.IsFinite(cost))
            throw new TrainingDivergedException(epoch, State.Step, cost, _learningRate);
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

    private EpochReport Report(int examples, LabelledExamples? validation, Workspace? workspace)
    {
        (double Cost, double Accuracy)? measured =
            validation is null ? null : Evaluator.Measure(_network, validation, workspace!);
        int epoch = State.Reports.Count + 1;
        if (measured is { } result && !double.IsFinite(result.Cost))
            throw new TrainingDivergedException(epoch, State.Step, result.Cost, _learningRate);
        return new EpochReport(
            epoch, State.TotalCost / State.TotalWeight, (double)State.Correct / examples, measured?.Cost, measured?.Accuracy,
            State.Seconds, TrainingClock.Rate(examples, State.Seconds));
    }

    private Network? CopyBest()
    {
        if (State.Best.Epoch == 0)
            return null;
        Network best = new(_network.Layers);
        State.BestParameters.CopyTo(best.MutableParameters);
        return best;
    }

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
