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
    /// Adds the gradient, times <paramref name="scale"/>, to what is kept of <paramref name="block"/>:
    /// W^l ← keepWeights · W^l + scale · (A^{l−1})ᵀ Δ^l and b^l ← keepBiases · b^l + scale · Σ rows of Δ^l.
    /// With 1/m, 0 and 0 the block becomes the gradient; with −η/m, 1 − ηλ/n and 1 on the parameters it is a step of gradient
    /// descent with L2, without a gradient in between. Padding is not touched.
    /// </summary>
    internal static void AddGradient(
        Network network, ReadOnlySpan<float> inputs, int rows, Workspace workspace,
        float scale, float keepWeights, float keepBiases, Span<float> block)
    {
        ParameterLayout layout = network.Layout;
        ReadOnlySpan<int> layers = layout.Layers;
        for (int layer = 1; layer <= layout.Depth; layer++)
        {
            ReadOnlySpan<float> below = layer == 1 ? inputs : workspace.Activations(layer - 1, rows);
            int belowStride = layer == 1 ? layers[0] : workspace.Stride(layer - 1);
            ReadOnlySpan<float> delta = workspace.Delta(layer, rows);
            int deltaStride = workspace.Stride(layer);
            // BP4: ∂C/∂W^l = (1/m) (A^{l−1})ᵀ Δ^l
            Kernel.Gemm(
                Transpose.Yes, Transpose.No, layers[layer - 1], layers[layer], rows,
                scale, below, belowStride, delta, deltaStride,
                keepWeights, layout.Weights(block, layer), layout.LeadingDimension(layer), workspace.Threads);
            // BP3: ∂C/∂b^l = (1/m) (Δ^l)ᵀ 1
            Kernel.Gemv(
                Transpose.Yes, rows, layers[layer], scale, delta, deltaStride, workspace.Ones(rows),
                keepBiases, layout.Biases(block, layer));
        }
    }

    /// <summary>BP2: Δ^l = (Δ^{l+1} (W^{l+1})ᵀ) ⊙ A^l (1 − A^l), from the last hidden layer to the first.</summary>
    internal static void PropagateDeltas(Network network, int rows, Workspace workspace)
    {
        ReadOnlySpan<int> layers = network.Layers;
        for (int layer = network.Depth - 1; layer >= 1; layer--)
        {
            Span<float> delta = workspace.Delta(layer, rows);
            Kernel.Gemm(
                Transpose.No, Transpose.Yes, rows, layers[layer], layers[layer + 1],
                1, workspace.Delta(layer + 1, rows), workspace.Stride(layer + 1),
                network.Weights(layer + 1), network.Layout.LeadingDimension(layer + 1),
                0, delta, workspace.Stride(layer), workspace.Threads);
            Kernel.MultiplySigmoidDerivative(delta, workspace.Activations(layer, rows), delta);
        }
    }
}
