using Backprop.Benchmarks.Startup;

namespace Backprop.Benchmarks.Cases;

/// <summary>
/// The first prediction, step or epoch of a new process. Its operations and bytes are those of the work; nearly all of its time is what the
/// runtime takes to compile it.
/// </summary>
internal sealed class StartupCase(string stage, int[] layers) : KernelCase
{
    // an epoch's last batch is short
    private readonly double _calls = stage == StartupStage.Epoch ? (double)StartupWork.Examples / StartupWork.BatchSize : 1;

    public string Stage => stage;

    /// <summary>What is done once, or over and over in an epoch: the parameters and examples that other programs are given.</summary>
    public NetworkCase Work { get; } = stage == StartupStage.Predict
        ? new PredictCase(layers, batch: 1)
        : new StepCase(layers, StartupWork.BatchSize);

    /// <summary>Calls of <see cref="Work"/>.</summary>
    public int Calls => (int)Math.Ceiling(_calls);

    public override string Kernel => StartupStage.Kernel(stage);

    public override string Shape => string.Join('-', layers);

    public override double Flops => _calls * Work.Flops;

    public override double Bytes => _calls * Work.Bytes;

    public override double BytesWritten => _calls * Work.BytesWritten;

    public override double WorkingSet => Work.WorkingSet;

    public override double MemoryBytes => Work.MemoryBytes + sizeof(float) * ExampleNumbers;

    public override double LargestArray => Math.Max(Work.LargestArray, ExampleNumbers);

    public override IReadOnlyList<NamedResult> Results => Work.Results;

    // of the examples that an epoch goes through
    private double ExampleNumbers => _calls * Work.Batch * Work.Inputs;

    /// <summary>Makes the operands, which otherwise come to be when they are first asked for.</summary>
    public void Prepare()
    {
        _ = (Work.Examples, Work.Classes, Work.Weights, Work.Biases);
        Reset();
    }

    public override KernelCase CreateWarmUp() => new StartupCase(stage, [64, 30, 10]);

    public override void Reset() => Work.Reset();

    /// <summary>An epoch has no reference: the steps it is made of have.</summary>
    public override string? Check() => stage == StartupStage.Epoch ? null : Work.Check();
}
