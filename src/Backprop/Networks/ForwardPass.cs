using Backprop.Kernels;

namespace Backprop.Networks;

/// <summary>The forward pass of a batch, up to the weighted inputs of the output layer.</summary>
internal static class ForwardPass
{
    /// <summary>
    /// Computes A^1 … A^{L−1} and Z^L in the workspace, and returns Z^L, rows × n_L, where A^L will be. Each row's result is one
    /// chain of operations that does not depend on the other rows or on their number.
    /// </summary>
    internal static Span<float> ComputeOutputZ(Network network, ReadOnlySpan<float> inputs, int rows, Workspace workspace)
    {
        ReadOnlySpan<float> activations = inputs;
        int stride = network.InputSize;
        for (int layer = 1; layer < network.Depth; layer++)
        {
            Span<float> hidden = workspace.Activations(layer, rows);
            int hiddenStride = workspace.Stride(layer);
            MultiplyWeights(network, layer, activations, stride, rows, beta: 0, hidden, hiddenStride, workspace.Threads);
            // A^l = σ(Z^l + 1 b^lᵀ), over the padded rows: a kernel for dense rows needs no tail.
            Kernel.BiasSigmoid(hidden, network.PaddedBiases(layer), rows, hiddenStride, hidden);
            activations = hidden;
            stride = hiddenStride;
        }

        Span<float> z = workspace.Activations(network.Depth, rows);
        RepeatRow(network.Biases(network.Depth), z);
        MultiplyWeights(network, network.Depth, activations, stride, rows, beta: 1, z, network.OutputSize, workspace.Threads);
        return z;
    }

    /// <summary>Z^l = A^{l−1} W^l + beta · Z^l.</summary>
    private static void MultiplyWeights(
        Network network, int layer, ReadOnlySpan<float> activations, int stride, int rows,
        float beta, Span<float> z, int zStride, int threads)
    {
        ReadOnlySpan<int> layers = network.Layers;
        Kernel.Gemm(
            Transpose.No, Transpose.No, rows, layers[layer], layers[layer - 1],
            1, activations, stride, network.Weights(layer), network.Layout.LeadingDimension(layer), beta, z, zStride, threads);
    }

    private static void RepeatRow(ReadOnlySpan<float> row, Span<float> destination)
    {
        for (int start = 0; start < destination.Length; start += row.Length)
            row.CopyTo(destination[start..]);
    }
}
