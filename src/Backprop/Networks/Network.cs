using Backprop.Kernels;

namespace Backprop.Networks;

/// <summary>
/// A fully connected network: layers of sizes n_0 … n_L, sigmoid hidden layers a^l = σ((W^l)ᵀ a^{l−1} + b^l), softmax output.
/// Weight w^l_ij runs from unit i of layer l−1 to unit j of layer l; W^l is n_{l−1} × n_l, row-major. Inputs, activations and
/// targets of a batch are row-major, one example a row.
/// </summary>
/// <remarks>
/// Any number of threads may predict, classify and compute gradients of one network at the same time, each with its own
/// <see cref="Workspace"/>, as long as none changes the parameters: setting them and training need the network for themselves.
/// Results are the same bits at every vector width, for any number of threads and on every platform, and a row's prediction does
/// not depend on the other rows. NaN in an input or a parameter gives NaN in the rows it reaches.
/// </remarks>
public sealed class Network
{
    private readonly AlignedBuffer _parameters;
    private Workspace? _oneRow;

    /// <summary>Makes a network whose parameters are all zero.</summary>
    /// <param name="layers">The sizes n_0 (inputs) … n_L (outputs): at least two, each at least 1.</param>
    /// <exception cref="ArgumentException">Fewer than two sizes, a size under 1, or more than 2³¹ − 1 parameters.</exception>
    public Network(params ReadOnlySpan<int> layers)
    {
        Layout = new ParameterLayout(layers);
        _parameters = new AlignedBuffer(Layout.Length);
    }

    /// <summary>Where each parameter lies in <see cref="Parameters"/> and in a gradient.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The sizes of the layers, n_0 … n_L.</summary>
    public ReadOnlySpan<int> Layers => Layout.Layers;

    /// <summary>L, the number of layers that have weights.</summary>
    public int Depth => Layout.Depth;

    /// <summary>n_0.</summary>
    public int InputSize => Layers[0];

    /// <summary>n_L, the number of classes.</summary>
    public int OutputSize => Layers[Depth];

    /// <summary>The number of parameters, Σ n_{l−1}·n_l + n_l.</summary>
    public int ParameterCount => Layout.ParameterCount;

    /// <summary>All parameters, padding included, as <see cref="Layout"/> describes; the first lies on a 64-byte boundary.</summary>
    public ReadOnlySpan<float> Parameters => _parameters.Span;

    /// <summary>
    /// The same, to write to: for updates of the caller's own making, from a gradient that <see cref="Gradient(ReadOnlySpan{float},
    /// ReadOnlySpan{int}, int, Workspace, Span{float})"/> has filled and that may have been averaged with others on the way.
    /// </summary>
    /// <remarks>
    /// An update that treats all elements alike and takes zeros to zero (<see cref="Kernel.MomentumUpdate(ReadOnlySpan{float}, float, float,
    /// float, Span{float}, Span{float}, int)"/> and the other updates of <see cref="Kernel"/> do) leaves the padding zero, as it must be;
    /// after any other, call <see cref="ParameterLayout.ClearPadding"/>. No other call may use the network meanwhile.
    /// </remarks>
    public Span<float> MutableParameters => _parameters.Span;

    /// <summary>Copies W^l, row-major n_{l−1} × n_l.</summary>
    /// <param name="layer">l, 1 … <see cref="Depth"/>.</param>
    /// <param name="destination">n_{l−1} · n_l elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public void GetWeights(int layer, Span<float> destination)
    {
        Layout.CheckLayer(layer);
        Check.Matrix(destination.Length, Layers[layer - 1], Layers[layer], nameof(destination));
        for (int input = 0; input < Layers[layer - 1]; input++)
            WeightRow(layer, input).CopyTo(destination[(input * Layers[layer])..]);
    }

    /// <summary>Sets W^l, row-major n_{l−1} × n_l.</summary>
    /// <param name="layer">l, 1 … <see cref="Depth"/>.</param>
    /// <param name="weights">n_{l−1} · n_l elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    /// <exception cref="ArgumentException"><paramref name="weights"/> has another length.</exception>
    public void SetWeights(int layer, ReadOnlySpan<float> weights)
    {
        Layout.CheckLayer(layer);
        int outputs = Layers[layer];
        Check.Matrix(weights.Length, Layers[layer - 1], outputs, nameof(weights));
        for (int input = 0; input < Layers[layer - 1]; input++)
            weights.Slice(input * outputs, outputs).CopyTo(WeightRow(layer, input));
    }

    /// <summary>Copies b^l.</summary>
    /// <param name="layer">l, 1 … <see cref="Depth"/>.</param>
    /// <param name="destination">n_l elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public void GetBiases(int layer, Span<float> destination)
    {
        Layout.CheckLayer(layer);
        Check.Length(destination.Length, Layers[layer], nameof(destination));
        Biases(layer).CopyTo(destination);
    }

    /// <summary>Sets b^l.</summary>
    /// <param name="layer">l, 1 … <see cref="Depth"/>.</param>
    /// <param name="biases">n_l elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer.</exception>
    /// <exception cref="ArgumentException"><paramref name="biases"/> has another length.</exception>
    public void SetBiases(int layer, ReadOnlySpan<float> biases)
    {
        Layout.CheckLayer(layer);
        Check.Length(biases.Length, Layers[layer], nameof(biases));
        biases.CopyTo(Biases(layer));
    }

    /// <summary>Computes the activations a^L of the output layer, row by row; nothing is allocated.</summary>
    /// <param name="inputs">rows × n_0.</param>
    /// <param name="rows">The number of examples, 0 … <see cref="Workspace.MaximumRows"/>.</param>
    /// <param name="workspace">A workspace for these layer sizes that no other call is using.</param>
    /// <param name="activations">rows × n_L; written last, so it may overlap <paramref name="inputs"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="workspace"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is negative.</exception>
    /// <exception cref="ArgumentException">More rows than the workspace holds, a workspace for other layers, or a wrong length.</exception>
    public void Predict(ReadOnlySpan<float> inputs, int rows, Workspace workspace, Span<float> activations)
    {
        Check.NotNegative(rows);
        CheckBatch(inputs, rows, workspace);
        Check.Matrix(activations.Length, rows, OutputSize, nameof(activations));
        ReadOnlySpan<float> z = ForwardPass.ComputeOutputZ(this, inputs, rows, workspace);
        Kernel.Softmax(z, rows, OutputSize, activations);
    }

    /// <summary>Computes the activations a^L for one example, in a new array. Safe on many threads.</summary>
    /// <param name="input">n_0 elements.</param>
    /// <returns>n_L elements.</returns>
    /// <exception cref="ArgumentException"><paramref name="input"/> has another length.</exception>
    public float[] Predict(ReadOnlySpan<float> input)
    {
        Check.Length(input.Length, InputSize, nameof(input));
        float[] activations = new float[OutputSize];
        Workspace workspace = RentOneRow();
        Predict(input, 1, workspace, activations);
        ReturnOneRow(workspace);
        return activations;
    }

    /// <summary>The class of one example: the index of its largest weighted output, the first of equals. Safe on many threads.</summary>
    /// <param name="input">n_0 elements.</param>
    /// <returns>A class, 0 … n_L − 1; the first NaN's index if there is one.</returns>
    /// <exception cref="ArgumentException"><paramref name="input"/> has another length.</exception>
    public int Classify(ReadOnlySpan<float> input)
    {
        Check.Length(input.Length, InputSize, nameof(input));
        Workspace workspace = RentOneRow();
        int result = IndexOfMax.Of(ForwardPass.ComputeOutputZ(this, input, 1, workspace));
        ReturnOneRow(workspace);
        return result;
    }

    /// <summary>
    /// Computes the cost of a batch, C = (1/m) Σ −ln a^L_class, and its gradient by backpropagation; nothing is allocated.
    /// </summary>
    /// <param name="inputs">rows × n_0.</param>
    /// <param name="classes">The class of each row, 0 … n_L − 1.</param>
    /// <param name="rows">m, 1 … <see cref="Workspace.MaximumRows"/>.</param>
    /// <param name="workspace">A workspace for these layer sizes that no other call is using.</param>
    /// <param name="gradient">∂C/∂W^l and ∂C/∂b^l in the layout of <see cref="Parameters"/>, padding zero.</param>
    /// <returns>C.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="workspace"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is under 1.</exception>
    /// <exception cref="ArgumentException">
    /// More rows than the workspace holds, a workspace for other layers, a wrong length, or a class that is not there.
    /// </exception>
    public float Gradient(
        ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, int rows, Workspace workspace, Span<float> gradient)
    {
        Check.Positive(rows);
        CheckBatch(inputs, rows, workspace);
        Check.Length(classes.Length, rows, nameof(classes));
        Check.Length(gradient.Length, Layout.Length, nameof(gradient));
        float cost = BackwardPass.ComputeDeltas(this, inputs, classes, rows, workspace);
        WriteGradient(inputs, rows, workspace, gradient);
        return cost;
    }

    /// <summary>The same for targets: C = (1/m) Σ_rows −Σ_i y_i ln a^L_i.</summary>
    /// <param name="inputs">rows × n_0.</param>
    /// <param name="targets">rows × n_L, each row of sum 1: one-hot or soft.</param>
    /// <param name="rows">m, 1 … <see cref="Workspace.MaximumRows"/>.</param>
    /// <param name="workspace">A workspace for these layer sizes that no other call is using.</param>
    /// <param name="gradient">∂C/∂W^l and ∂C/∂b^l in the layout of <see cref="Parameters"/>, padding zero.</param>
    /// <returns>C.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="workspace"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is under 1.</exception>
    /// <exception cref="ArgumentException">
    /// More rows than the workspace holds, a workspace for other layers, a wrong length, or a row of targets that has a NaN or does
    /// not sum to 1.
    /// </exception>
    public float Gradient(
        ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int rows, Workspace workspace, Span<float> gradient)
    {
        Check.Positive(rows);
        CheckBatch(inputs, rows, workspace);
        Check.Matrix(targets.Length, rows, OutputSize, nameof(targets));
        Check.Length(gradient.Length, Layout.Length, nameof(gradient));
        float cost = BackwardPass.ComputeDeltas(this, inputs, targets, rows, workspace);
        WriteGradient(inputs, rows, workspace, gradient);
        return cost;
    }

    /// <summary>
    /// The SHA-256 of the parameters: for l = 1 … L the weights W^l, row-major without padding, and then the biases b^l, each as a
    /// little-endian float.
    /// </summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public string ComputeSha256()
    {
        using Sha256 hash = new();
        for (int layer = 1; layer <= Depth; layer++)
        {
            for (int input = 0; input < Layers[layer - 1]; input++)
                hash.AppendLittleEndian(WeightRow(layer, input));
            hash.AppendLittleEndian(Biases(layer));
        }

        return Convert.ToHexStringLower(hash.Finish());
    }

    /// <summary>W^l with its padding.</summary>
    internal ReadOnlySpan<float> Weights(int layer) => Layout.Weights(_parameters.Span, layer);

    /// <summary>Row i of W^l.</summary>
    internal Span<float> WeightRow(int layer, int input) => Layout.WeightRow(_parameters.Span, layer, input);

    /// <summary>b^l.</summary>
    internal Span<float> Biases(int layer) => Layout.Biases(_parameters.Span, layer);

    /// <summary>Checks what every call on a batch has in common.</summary>
    internal void CheckBatch(ReadOnlySpan<float> inputs, int rows, Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        workspace.RequireFit(Layout, rows);
        Check.Matrix(inputs.Length, rows, InputSize, nameof(inputs));
    }

    private void WriteGradient(ReadOnlySpan<float> inputs, int rows, Workspace workspace, Span<float> gradient)
    {
        BackwardPass.AddGradient(
            this, inputs, rows, workspace, new GradientTarget { Block = gradient, Scale = 1f / rows, KeepWeights = 0, KeepBiases = 0 });
        Layout.ClearPadding(gradient);
    }

    // One workspace is kept for calls on single examples; a thread that finds it taken makes another, and the last one back stays.
    private Workspace RentOneRow() => Interlocked.Exchange(ref _oneRow, null) ?? new Workspace(this, 1);

    private void ReturnOneRow(Workspace workspace) => Volatile.Write(ref _oneRow, workspace);
}
