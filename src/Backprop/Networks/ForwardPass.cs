using Backprop.Kernels;

namespace Backprop.Networks;

/// <summary>The forward pass of a batch, up to the weighted inputs of the output layer.</summary>
internal static class ForwardPass
{
    /// <summary>
    /// Computes A^1 … A^{L−1} and Z^L in the workspace, and returns Z^L, rows × n_L, where A^L will be. Each row's result is one
    /// chain of operations that does not depend on the other rows or on their number.
    /// </summary>
    internal static unsafe Span<float> ComputeOutputZ(Network network, ReadOnlySpan<float> inputs, int rows, Workspace workspace)
    {
        BatchPass pass = new() { Network = network, Inputs = inputs, Rows = rows, Workspace = workspace };
        BatchParts.Run(BatchParts.Count(network, rows, workspace), ref pass, &ComputePart);
        return workspace.Activations(network.Depth, rows);
    }

    private static unsafe void ComputePart(void* state, int part)
    {
        ref readonly BatchPass pass = ref BatchParts.From(state);
        (int first, int rows) = pass.Share(part, pass.Rows);
        int features = pass.Network.InputSize;
        if (pass.Parts > 1)
            FetchWhatOthersWrote(pass, part);
        ComputeOutputZ(
            pass.Network, pass.Inputs.Slice(first * features, rows * features), first, rows, pass.Workspace,
            BatchParts.Threads(pass));
    }

    /// <summary>A step of plain gradient descent divides the rows of W^1 as <see cref="BatchPass.Share"/> does: all parameters but this part's
    /// rows. Other updates divide the elements, and the part meets some that another thread wrote without having fetched them.</summary>
    private static void FetchWhatOthersWrote(in BatchPass pass, int part)
    {
        (int first, int count) = pass.Share(part, pass.Network.InputSize);
        int stride = pass.Network.Layout.LeadingDimension(1);
        Prefetch.InOrder(pass.Network.Parameters[..(first * stride)]);
        Prefetch.InOrder(pass.Network.Parameters[((first + count) * stride)..]);
    }

    private static void ComputeOutputZ(
        Network network, ReadOnlySpan<float> inputs, int first, int rows, Workspace workspace, int threads)
    {
        ReadOnlySpan<int> layers = network.Layers;
        ReadOnlySpan<float> activations = inputs;
        int stride = network.InputSize;
        for (int layer = 1; layer < network.Depth; layer++)
        {
            Span<float> hidden = workspace.Activations(layer, rows, first);
            int hiddenStride = workspace.Stride(layer);
            // A^l = σ(A^{l−1} W^l + 1 b^lᵀ)
            Kernel.GemmBiasSigmoid(
                rows, layers[layer], layers[layer - 1], activations, stride, network.Weights(layer), network.Layout.LeadingDimension(layer),
                network.Biases(layer), hidden, hiddenStride, threads);
            activations = hidden;
            stride = hiddenStride;
        }

        // Z^L = A^{L−1} W^L + 1 b^Lᵀ
        int output = network.Depth;
        Span<float> z = workspace.Activations(output, rows, first);
        RepeatRow(network.Biases(output), z);
        Kernel.Gemm(
            Transpose.No, Transpose.No, rows, layers[output], layers[output - 1], 1, activations, stride,
            network.Weights(output), network.Layout.LeadingDimension(output), 1, z, network.OutputSize, threads);
    }

    private static void RepeatRow(ReadOnlySpan<float> row, Span<float> destination)
    {
        for (int start = 0; start < destination.Length; start += row.Length)
            row.CopyTo(destination[start..]);
    }
}
