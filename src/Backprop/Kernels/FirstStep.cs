namespace Backprop.Kernels;

/// <summary>Has the runtime compile, on another thread, what a training step calls, while the data is read that it will train on.</summary>
internal static class FirstStep
{
    /// <summary>A batch of 10 and a network of 64-100-10: small, and of the kinds of products that small networks have.</summary>
    private const int Rows = 10, Inputs = 64, Hidden = 100, Outputs = 10;

    private static int s_isPrepared;

    /// <summary>Starts it, the first time it is called. Where there is no second processor, and where bodies run from their first call on, a step is
    /// compiled as it comes.</summary>
    public static void Prepare()
    {
        if (Bodies.AreCompiledAhead || Bodies.CompileAtOnce) return;
        FirstProducts.End();
        if (Environment.ProcessorCount == 1 || Interlocked.Exchange(ref s_isPrepared, 1) != 0) return;
        try
        {
            new Thread(Rehearse) { IsBackground = true, Name = "Backprop first step" }.UnsafeStart();
        }
        catch (Exception problem) when (problem is OutOfMemoryException or ThreadStartException)
        {
            // The system has no thread to give.
        }
    }

    /// <summary>The products and functions of a step on zeros, the last ones first: when the program comes to the first ones, it does not wait for
    /// what is compiled here, and finds the others.</summary>
    private static void Rehearse()
    {
        try
        {
            float[] x = new float[Rows * Inputs], w1 = new float[Inputs * Hidden], w2 = new float[Hidden * Outputs], b = new float[Hidden];
            float[] hidden = new float[Rows * Hidden], delta = new float[Rows * Hidden], output = new float[Rows * Outputs];
            float[] a = new float[Rows * Outputs], outputDelta = new float[Rows * Outputs];
            Kernel.Gemv(Transpose.Yes, Rows, Hidden, -1, delta, Hidden, new float[Rows], 1, b);
            Kernel.Gemm(Transpose.Yes, Transpose.No, Hidden, Outputs, Rows, -1, hidden, Hidden, outputDelta, Outputs, 0.5f, w2, Outputs);
            Kernel.Gemm(Transpose.Yes, Transpose.No, Inputs, Hidden, Rows, -1, x, Inputs, delta, Hidden, 0.5f, w1, Hidden);
            Kernel.GemmSigmoidDerivative(Rows, Hidden, Outputs, outputDelta, Outputs, w2, Outputs, hidden, Hidden, delta, Hidden, threads: 1);
            Kernel.SoftmaxCrossEntropy(output, new int[Rows], Rows, Outputs, a, outputDelta);
            Kernel.Gemm(Transpose.No, Transpose.No, Rows, Outputs, Hidden, 1, hidden, Hidden, w2, Outputs, 1, output, Outputs);
            Kernel.GemmBiasSigmoid(Rows, Hidden, Inputs, x, Inputs, w1, Hidden, b, hidden, Hidden, threads: 1);
        }
        catch (OutOfMemoryException)
        {
            // What the program itself needs may still be there.
        }
    }
}
