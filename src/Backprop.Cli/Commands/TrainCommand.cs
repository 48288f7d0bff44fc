using System.CommandLine;
using Backprop.Training;

namespace Backprop.Cli.Commands;

/// <summary><c>backprop train</c>: learns, reports, saves the model.</summary>
internal sealed class TrainCommand
{
    private readonly Option<string> _data = Options.Data("What to learn:");

    private readonly Option<int?> _trainCount = Options.OptionalWholeNumber(
        "--train-count", "Learn from the first N training examples alone; validation and test parts stay whole. Without it: from all.", 1);

    private readonly Option<Named<int[]>> _hidden = Options.LayerSizes(
        "--hidden", "Units of each hidden layer, first to last, or 'none' for a network without.", "100", ',', none: "none");

    private readonly Option<Named<Initialization>> _init = Options.Choice<Initialization>(
        "--init",
        "How weights and biases start; meanings below.",
        "scaled",
        new("scaled", Initialization.ScaledNormal),
        new("xavier", Initialization.Xavier),
        new("normal", Initialization.StandardNormal),
        new("network3", Initialization.Network3));

    private readonly Option<ulong> _seed = Options.Seed(
        "Decides initialisation, shuffling and the split: the same seed gives the same model, bit for bit.");

    private readonly Option<int> _epochs = Options.WholeNumber("--epochs", "Passes over the training examples.", 30, 1);

    private readonly Option<int> _batch = Options.WholeNumber("--batch", "Examples in a step; the gradient is their mean.", 10, 1);

    private readonly Option<int?> _patience = Options.OptionalWholeNumber(
        "--patience", "Stop after so many epochs in a row without a better validation accuracy. Without it: never.", 1);

    private readonly Option<int> _threads = Options.Threads();

    private readonly Option<Named<OptimizerChoice>> _optimizer = Options.Choice(
        "--optimizer", "How a step is made of the gradient; formulas below.", "sgd", OptimizerChoice.All);

    private readonly Option<float?> _learningRate = Options.OptionalReal(
        "--learning-rate",
        "The rate η; take less for inputs larger than 0 to 1. Without it: 1.5 with sgd, 0.15 with momentum and nesterov, 0.001 with the rest.");

    private readonly Option<LearningRateSchedule> _schedule = Options.Schedule();

    private readonly Option<int> _warmUp = Options.WholeNumber(
        "--warm-up", "Epochs in which the rate rises from 0 in equal steps; the schedule begins after them.", 0, 0);

    private readonly Option<float?> _momentum = Options.OptionalReal(
        "--momentum", "The share μ of the last step in the next one, below 1. Without it: 0.9 with momentum and nesterov, else 0.", limit: 1);

    private readonly Option<float> _beta1 = Options.Real("--beta1", "The share β₁ of the past in the mean gradient of adam and adamw.", 0.9f, 1);

    private readonly Option<float> _beta2 = Options.Real("--beta2", "The share β₂ of the past in their mean squared gradient.", 0.999f, 1);

    private readonly Option<float> _rho = Options.Real("--rho", "The share ρ of the past in the mean squared gradient of rmsprop.", 0.99f, 1);

    private readonly Option<float> _epsilon = Options.Real("--epsilon", "The ε of rmsprop, adam and adamw, more than 0.", 1e-8f);

    private readonly Option<float> _l2 = Options.Real(
        "--l2", "λ: adds (λ/n)·W to the gradient with n training examples, so W ← (1 − η·λ/n)·W − η·gradient with sgd; biases do not decay.", 0);

    private readonly Option<float> _weightDecay = Options.Real(
        "--weight-decay", "λ of adamw, which takes the place of --l2: W ← (1 − η·λ)·W beside the step; biases do not decay.", 0.01f);

    private readonly Option<float?> _clip = Options.OptionalReal(
        "--clip", "The largest norm of a step's gradient; a longer one is scaled down to it. Without it: no limit.");

    private readonly Option<IReadOnlyList<float>?> _classWeights = Options.Weights(
        "--class-weights", "A weight over 0 for each class: the cost is the weighted mean. Without it: all alike.");

    private readonly Option<float> _smoothing = Options.Real(
        "--label-smoothing", "ε: targets of 1 − ε for the class and ε spread evenly over all; below 1.", 0, 1);

    private readonly Option<string?> _out = Options.File(
        "--out",
        "FILE",
        "Where to save the model (safetensors, as PyTorch names it); a file that is there is replaced. Without it: "
        + "model.safetensors in the current folder, or model-2, model-3, …: the first that replaces nothing.");

    private readonly Option<string?> _plot = Options.File(
        "--plot", "FILE.png|FILE.svg", "Draw cost and accuracy by epoch into this file, PNG or SVG by its extension.");

    private readonly Option<string?> _metrics = Options.File(
        "--metrics",
        "FILE.csv",
        "Write cost, accuracies, seconds and examples a second of each epoch into this file, row by row; those of training are means "
        + "during the epoch, as below.");

    private readonly Option<bool> _json = Options.Json(
        "End with one JSON object as the only line on standard output; progress goes to standard error.");

    private readonly Option<string?> _checkpoint = Options.File(
        "--checkpoint", "FILE", "Save all it takes to go on, after every --checkpoint-every epochs and on Ctrl+C; the last good one stays.");

    private readonly Option<int?> _checkpointEvery = Options.OptionalWholeNumber(
        "--checkpoint-every", "Epochs from one checkpoint to the next. Without it: 1.", 1);

    private readonly Option<string?> _resume = Options.File(
        "--resume", "FILE", "Go on from a checkpoint, with the options and the data it was made with, to the same bits as without a stop.");

    internal static Command Create(CommandContext context) => new TrainCommand().CreateCommand(context);

    private Command CreateCommand(CommandContext context)
    {
        OptionGroup[] groups =
        [
            new("Data and network", [_data, _trainCount, _hidden, _init, _seed]),
            new("Course of the training", [_epochs, _batch, _patience, _threads]),
            new("Steps", [_optimizer, _learningRate, _schedule, _warmUp, _momentum, _beta1, _beta2, _rho, _epsilon, _clip]),
            new("Cost", [_l2, _weightDecay, _classWeights, _smoothing]),
            new("Results", [_out, _plot, _metrics, _json]),
            new("Stopping and going on", [_checkpoint, _checkpointEvery, _resume]),
        ];
        Command command = new("train", "Train a network, report its test accuracy, save it.");
        foreach (Option option in groups.SelectMany(group => group.Options))
            command.Add(option);
        command.SetAction(parsed => new TrainingRun(context, Read(parsed)).Execute());
        command.AddHelp(Explanation, groups);
        return command;
    }

    private TrainSettings Read(ParseResult parsed)
    {
        Named<OptimizerChoice> choice = parsed.GetRequiredValue(_optimizer);
        RefuseUnread(parsed, choice);
        if (parsed.GetValue(_checkpointEvery) is not null && parsed.GetValue(_checkpoint) is null)
            throw new InputException("--checkpoint-every: expected --checkpoint FILE beside it");
        return new TrainSettings(
            parsed.GetRequiredValue(_data), parsed.GetRequiredValue(_hidden).Value, parsed.GetRequiredValue(_init), choice.Text,
            ReadTraining(parsed, choice.Value))
        {
            TrainCount = parsed.GetValue(_trainCount),
            Out = parsed.GetValue(_out),
            Plot = parsed.GetValue(_plot),
            Metrics = parsed.GetValue(_metrics),
            Checkpoint = parsed.GetValue(_checkpoint),
            CheckpointEvery = parsed.GetValue(_checkpointEvery) ?? 1,
            Resume = parsed.GetValue(_resume),
            Json = parsed.GetValue(_json),
        };
    }

    // The library ignores them, and a user would believe that they count. Momentum and L2 are refused by the library itself.
    private void RefuseUnread(ParseResult parsed, Named<OptimizerChoice> choice)
    {
        (Option Option, Optimizer[] Readers)[] options =
        [
            (_beta1, [Optimizer.Adam, Optimizer.AdamW]),
            (_beta2, [Optimizer.Adam, Optimizer.AdamW]),
            (_rho, [Optimizer.RmsProp]),
            (_epsilon, [Optimizer.RmsProp, Optimizer.Adam, Optimizer.AdamW]),
            (_weightDecay, [Optimizer.AdamW]),
        ];
        foreach ((Option option, Optimizer[] readers) in options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } || readers.Contains(choice.Value.Optimizer))
                continue;
            IEnumerable<string> words = OptimizerChoice.All.Where(word => readers.Contains(word.Value.Optimizer)).Select(word => word.Text);
            throw new InputException($"{option.Name}: expected --optimizer {string.Join(" or ", words)} beside it, got {choice.Text}");
        }
    }

    private TrainingOptions ReadTraining(ParseResult parsed, OptimizerChoice choice) => new()
    {
        Epochs = parsed.GetValue(_epochs),
        BatchSize = parsed.GetValue(_batch),
        Patience = parsed.GetValue(_patience),
        Threads = parsed.GetValue(_threads),
        Seed = parsed.GetValue(_seed),
        Optimizer = choice.Optimizer,
        LearningRate = parsed.GetValue(_learningRate) ?? choice.LearningRate,
        Schedule = parsed.GetRequiredValue(_schedule).WithWarmUp(parsed.GetValue(_warmUp)),
        Momentum = parsed.GetValue(_momentum) ?? choice.Momentum,
        Beta1 = parsed.GetValue(_beta1),
        Beta2 = parsed.GetValue(_beta2),
        Rho = parsed.GetValue(_rho),
        Epsilon = parsed.GetValue(_epsilon),
        L2 = parsed.GetValue(_l2),
        WeightDecay = parsed.GetValue(_weightDecay),
        MaximumGradientNorm = parsed.GetValue(_clip),
        ClassWeights = parsed.GetValue(_classWeights),
        LabelSmoothing = parsed.GetValue(_smoothing),
    };

    private const string Explanation = """
        Optimisers (g the mean gradient of the batch, with (λ/n)·W of --l2; t the step):
          sgd       w ← w − η·g
          momentum  v ← μ·v − η·g, w ← w + v
          nesterov  v ← μ·v − η·g, w ← w + μ·v − η·g
          rmsprop   s ← ρ·s + (1 − ρ)·g², w ← w − η·g / (√s + ε)
          adam      m ← β₁·m + (1 − β₁)·g, s ← β₂·s + (1 − β₂)·g², w ← w − η·(m/(1 − β₁ᵗ)) / (√(s/(1 − β₂ᵗ)) + ε)
          adamw     the same, and W ← (1 − η·λ)·W with the λ of --weight-decay

        Initialisations (n inputs and m outputs of a layer, N(mean, variance)):
          scaled    weights N(0, 1/n), biases N(0, 1): units start unsaturated
          xavier    weights uniform within ±√(6/(n + m)), biases 0
          normal    weights and biases N(0, 1): many units start saturated and learn slowly
          network3  hidden weights N(0, 1/m), biases N(0, 1), output layer all zero

        Split:
          digits, CSV  shuffled with the seed; the last fifth is the test part, the last tenth of the rest validates
          folder       the test files test; the last sixth of the training files validates (MNIST: 50,000 and 10,000)

        Each epoch: cost and accuracy of training are means over its examples, each before the step it was part of, so they lag behind
        those of validation, which are measured when the epoch is over. The trainAccuracy of --json is measured when the training is over.

        Ctrl+C or SIGTERM stops after the current step, saves the network as it stands beside the model (….interrupted.safetensors)
        and the checkpoint if there is one, and ends with exit code 130 (143); a model that was there stays as it was.

        Examples:
          backprop train
          backprop train --hidden 37,19 --epochs 3 --batch 13 --seed 5 --json
          backprop train --data mnist --hidden 30 --epochs 1 --out mnist.safetensors
          backprop train --data flowers.csv --hidden 10 --learning-rate 0.1 --plot flowers.png
          backprop train --optimizer adam --schedule cosine --warm-up 2 --patience 5 --metrics run.csv
          backprop train --data mnist --checkpoint run.ckpt --resume run.ckpt     the second time, after a stop
        """;
}
