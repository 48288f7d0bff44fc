namespace Backprop.Benchmarks.Cases;

/// <summary>
/// One training step: forward, cost, backward, plain SGD update. 2·m·(3·Σ n_{l−1}·n_l − n_0·n_1) operations: forward, weight gradient,
/// and the delta of every layer but the first; 4·(2·parameters + m·n_0 + m) bytes: parameters read and written, examples read.
/// </summary>
internal sealed class StepCase(int[] layers, int batch) : NetworkCase(layers, batch)
{
    public const float LearningRate = 0.1f;

    /// <summary>Parameters after one step, layer by layer: weights row-major, then biases.</summary>
    public Operand Updated => field ??= new Operand((int)Parameters);

    public override string Kernel => "step";

    public override double Flops => 2 * Batch * (3 * Connections - (double)Layers[0] * Layers[1]);

    public override double Bytes => 4 * (2 * Parameters + (double)Batch * (Inputs + 1));

    public override double BytesWritten => 4 * Parameters;

    public override double WorkingSet => 4 * (Parameters + 2 * Batch * Units);

    // initial and updated parameters, the contenders' networks with a gradient each, activations and deltas in float and in double
    public override double MemoryBytes => 4 * (18 * Parameters + 24 * Batch * Units);

    public override IReadOnlyList<NamedResult> Results => [new("parameters", Updated.Memory)];

    public override KernelCase CreateWarmUp() => new StepCase([64, 30, 10], 10);

    public override void Reset() => Updated.Fill(float.NaN);

    public override string? Check() => new NetworkReference(this, 0, Batch).CheckStep(this);
}
