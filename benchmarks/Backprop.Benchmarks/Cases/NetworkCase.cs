namespace Backprop.Benchmarks.Cases;

/// <summary>A network of the given layer sizes and a batch of examples, the starting point of <c>step</c> and <c>predict</c>.</summary>
internal abstract class NetworkCase(int[] layers, int batch) : KernelCase
{
    /// <summary>Sizes n_0 … n_L.</summary>
    public IReadOnlyList<int> Layers => layers;

    /// <summary>The number of weight layers, L.</summary>
    public int Depth => layers.Length - 1;

    public int Batch => batch;

    public int Inputs => layers[0];

    public int Outputs => layers[^1];

    /// <summary>Rows of inputs, evenly over [0, 1) as pixels are.</summary>
    public Operand Examples => field ??= RandomInputs.Uniform(batch * Inputs, 0, 1, seed: 1);

    public int[] Classes => field ??= RandomInputs.Classes(batch, Outputs, seed: 2);

    /// <summary>Initial weights of layer l at index l − 1, n_{l−1} × n_l row-major, of variance 1/n_{l−1}.</summary>
    public IReadOnlyList<Operand> Weights => field ??= [.. Enumerable.Range(1, Depth).Select(CreateWeights)];

    /// <summary>Initial biases of layer l at index l − 1.</summary>
    public IReadOnlyList<Operand> Biases =>
        field ??= [.. Enumerable.Range(1, Depth).Select(l => RandomInputs.Uniform(layers[l], -1, 1, seed: 200 + l))];

    /// <summary>Multiply-adds of one example's forward pass, Σ n_{l−1}·n_l.</summary>
    protected double Connections => Enumerable.Range(1, Depth).Sum(l => (double)layers[l - 1] * layers[l]);

    protected double Parameters => Connections + layers.Skip(1).Sum(size => (double)size);

    protected double Units => layers.Sum(size => (double)size);

    public override string Shape => $"{string.Join('-', layers)}:{batch}";

    public override double LargestArray => Math.Max(Parameters, (double)batch * layers.Max());

    public override bool Threaded => true;

    private Operand CreateWeights(int layer)
    {
        float magnitude = MathF.Sqrt(3f / layers[layer - 1]);
        return RandomInputs.Uniform(layers[layer - 1] * layers[layer], -magnitude, magnitude, seed: 100 + layer);
    }
}
