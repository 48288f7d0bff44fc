using Backprop.Kernels;

namespace Backprop.Networks;

/// <summary>
/// The backward pass of a batch. The deltas of all layers come first, from unchanged weights; the products that make gradients of
/// them come after, and may then be added straight onto the weights.
/// </summary>
internal static class BackwardPass
{
    /// <summary>Forward pass, cost and deltas Δ^L … Δ^1, left in the workspace. Returns the mean cost.</summary>
    internal static float ComputeDeltas(
        Network network, ReadOnlySpan<float> inputs, ReadOnlySpan<int> classes, int rows, Workspace workspace)
    {
        int depth = network.Depth;
        ReadOnlySpan<float> z = ForwardPass.ComputeOutputZ(network, inputs, rows, workspace);
        // BP1: Δ^L = A^L − Y
        float cost = Kernel.SoftmaxCrossEntropy(
            z, classes, rows, network.OutputSize, workspace.Activations(depth, rows), workspace.Delta(depth, rows));
        PropagateDeltas(network, rows, workspace);
        return cost;
    }

    /// <summary>The same with a row of targets, which sum to 1, for each example.</summary>
    internal static float ComputeDeltas(
        Network network, ReadOnlySpan<float> inputs, ReadOnlySpan<float> targets, int rows, Workspace workspace)
    {
        int depth = network.Depth;
        ReadOnlySpan<float> z = ForwardPass.ComputeOutputZ(network, inputs, rows, workspace);
        // BP1: Δ^L = A^L − Y
        float cost = Kernel.SoftmaxCrossEntropy(
            z, targets, rows, network.OutputSize, workspace.Activations(depth, rows), workspace.Delta(depth, rows));
        PropagateDeltas(network, rows, workspace);
        return cost;
    }

    /// <summary>
    /// Adds the gradient, times a scale, to what is kept of a block:
    /// W^l ← KeepWeights · W^l + Scale · (A^{l−1})ᵀ Δ^l and b^l ← KeepBiases · b^l + Scale · Σ rows of Δ^l.
    /// With 1/m, 0 and 0 the block becomes the gradient; with −η/m, 1 − ηλ/n and 1 on the parameters it is a step of gradient
    /// descent with L2, without a gradient in between. Padding is not touched.
    /// </summary>
    internal static unsafe void AddGradient(
        Network network, ReadOnlySpan<float> inputs, int rows, Workspace workspace, in GradientTarget target)
    {
        BatchPass pass = new() { Network = network, Inputs = inputs, Rows = rows, Workspace = workspace, Target = target };
        BatchParts.Run(BatchParts.Count(network, rows, workspace), ref pass, &AddPart);
    }

    private static unsafe void AddPart(void* state, int part)
    {
        ref readonly BatchPass pass = ref BatchParts.From(state);
        int threads = BatchParts.Threads(pass);
        for (int layer = 1; layer <= pass.Network.Depth; layer++)
        {
            AddWeightGradient(pass, layer, part, threads);
            if (part == pass.Parts - 1)
                AddBiasGradient(pass, layer);
        }
    }

    /// <summary>BP4: ∂C/∂W^l = (1/m) (A^{l−1})ᵀ Δ^l, for a part's rows of W^l.</summary>
    private static void AddWeightGradient(in BatchPass pass, int layer, int part, int threads)
    {
        ParameterLayout layout = pass.Network.Layout;
        Workspace workspace = pass.Workspace;
        GradientTarget target = pass.Target;
        (int first, int count) = pass.Share(part, layout.Layers[layer - 1]);
        ReadOnlySpan<float> below = layer == 1 ? pass.Inputs : workspace.Activations(layer - 1, pass.Rows);
        int belowStride = layer == 1 ? layout.Layers[0] : workspace.Stride(layer - 1);
        ReadOnlySpan<float> delta = workspace.Delta(layer, pass.Rows);
        int stride = layout.LeadingDimension(layer);
        Kernel.Gemm(
            Transpose.Yes, Transpose.No, count, layout.Layers[layer], pass.Rows,
            target.Scale, below[first..], belowStride, delta, workspace.Stride(layer),
            target.KeepWeights, layout.Weights(target.Block, layer)[(first * stride)..], stride, threads);
    }

    /// <summary>BP3: ∂C/∂b^l = (1/m) (Δ^l)ᵀ 1.</summary>
    private static void AddBiasGradient(in BatchPass pass, int layer)
    {
        ParameterLayout layout = pass.Network.Layout;
        Workspace workspace = pass.Workspace;
        GradientTarget target = pass.Target;
        Kernel.Gemv(
            Transpose.Yes, pass.Rows, layout.Layers[layer], target.Scale, workspace.Delta(layer, pass.Rows), workspace.Stride(layer),
            workspace.Ones(pass.Rows), target.KeepBiases, layout.Biases(target.Block, layer));
    }

    /// <summary>BP2: Δ^l = (Δ^{l+1} (W^{l+1})ᵀ) ⊙ A^l (1 − A^l), from the last hidden layer to the first.</summary>
    internal static unsafe void PropagateDeltas(Network network, int rows, Workspace workspace)
    {
        BatchPass pass = new() { Network = network, Inputs = default, Rows = rows, Workspace = workspace };
        BatchParts.Run(BatchParts.Count(network, rows, workspace), ref pass, &PropagatePart);
    }

    private static unsafe void PropagatePart(void* state, int part)
    {
        ref readonly BatchPass pass = ref BatchParts.From(state);
        (Network network, Workspace workspace) = (pass.Network, pass.Workspace);
        ReadOnlySpan<int> layers = network.Layers;
        (int first, int rows) = pass.Share(part, pass.Rows);
        int threads = BatchParts.Threads(pass);
        for (int layer = network.Depth - 1; layer >= 1; layer--)
        {
            int stride = workspace.Stride(layer);
            Kernel.GemmSigmoidDerivative(
                rows, layers[layer], layers[layer + 1], workspace.Delta(layer + 1, rows, first), workspace.Stride(layer + 1),
                network.Weights(layer + 1), network.Layout.LeadingDimension(layer + 1),
                workspace.Activations(layer, rows, first), stride, workspace.Delta(layer, rows, first), stride, threads);
        }
    }
}
