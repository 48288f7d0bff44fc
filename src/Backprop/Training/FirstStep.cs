using Backprop.Kernels;
using Backprop.Networks;

namespace Backprop.Training;

/// <summary>Has the runtime compile the second half of a training step on another thread, while the first trainer of the process gets ready and
/// takes the first half.</summary>
internal static class FirstStep
{
    /// <summary>Layers and batches of more take longer and compile nothing else.</summary>
    private const int MaxUnits = 64, MaxRows = 16;

    private static int s_isPrepared;

    /// <summary>For networks like this one. Where all code is compiled ahead there is nothing to do.</summary>
    public static void Prepare(Network network, int batchSize)
    {
        if (Bodies.CompileAtOnce || Interlocked.Exchange(ref s_isPrepared, 1) != 0)
            return;
        FirstProducts.End();
        int[] layers = [.. network.Layers];
        try
        {
            new Thread(() => Rehearse(layers, Math.Min(batchSize, MaxRows))) { IsBackground = true, Name = "Backprop first step" }.UnsafeStart();
        }
        catch (Exception problem) when (problem is OutOfMemoryException or ThreadStartException)
        {
            // The system has no thread to give: the step is compiled as it comes.
        }
    }

    /// <summary>The cost, the deltas and the gradient of a batch of zeros in a small network of zeros.</summary>
    private static void Rehearse(int[] layers, int rows)
    {
        try
        {
            Compile(layers, rows);
        }
        catch (OutOfMemoryException)
        {
            // What the trainer itself needs may still be there.
        }
    }

    private static void Compile(int[] layers, int rows)
    {
        Network network = new(Array.ConvertAll(layers, units => Math.Min(units, MaxUnits)));
        Workspace workspace = new(network, rows);
        int depth = network.Depth;
        Kernel.SoftmaxCrossEntropy(
            workspace.Activations(depth, rows), new int[rows], rows, network.OutputSize,
            workspace.Activations(depth, rows), workspace.Delta(depth, rows));
        BackwardPass.PropagateDeltas(network, rows, workspace);
        BackwardPass.AddGradient(
            network, new float[rows * network.InputSize], rows, workspace,
            new GradientTarget { Block = network.MutableParameters, Scale = -1, KeepWeights = 0.5f, KeepBiases = 1 });
    }
}
