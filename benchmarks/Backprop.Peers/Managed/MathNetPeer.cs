using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra.Single;
using MathNet.Numerics.Providers.LinearAlgebra;
using MathNetTranspose = MathNet.Numerics.Providers.LinearAlgebra.Transpose;

namespace Backprop.Peers.Managed;

/// <summary>
/// Math.NET Numerics with its managed provider. Its matrices are column-major: an array of rows is, to it, the transposed matrix. It works
/// on arrays of its own, so operands are copied in and results are copied out.
/// </summary>
internal sealed class MathNetPeer : IPeer
{
    public string Name => "mathnet";

    public string? Unavailable => null;

    public bool Threaded => true;

    public PeerReport Describe(int threads) =>
        new(Name, AssemblyVersion.Of(typeof(Control).Assembly), threads, $"{LinearAlgebraControl.Provider}");

    public BoundCall? Bind(KernelCase problem, int threads)
    {
        Control.MaxDegreeOfParallelism = threads;
        return problem switch
        {
            GemmCase c => BindGemm(c),
            GemvCase c => BindGemv(c),
            ExpCase c => BindVector(c, (x, result) => x.PointwiseExp(result)),
            LogCase c => BindVector(c, (x, result) => x.PointwiseLog(result)),
            _ => null,
        };
    }

    // Cᵀ = op(B)ᵀ op(A)ᵀ
    private static BoundCall BindGemm(GemmCase c)
    {
        ILinearAlgebraProvider<float> provider = LinearAlgebraControl.Provider;
        (int rowsB, int columnsB) = c.TransposeB ? (c.K, c.N) : (c.N, c.K);
        (int rowsA, int columnsA) = c.TransposeA ? (c.M, c.K) : (c.K, c.M);
        float[] a = c.A.ToArray(), b = c.B.ToArray(), result = new float[c.C.Length];
        return new(
            () => provider.MatrixMultiplyWithUpdate(
                Flag(c.TransposeB), Flag(c.TransposeA), 1, b, rowsB, columnsB, a, rowsA, columnsA, 0, result),
            () => result.CopyTo(c.C));
    }

    private static BoundCall BindGemv(GemvCase c)
    {
        DenseMatrix transposed = new(c.N, c.M, c.A.ToArray());
        DenseVector x = new(c.X.ToArray()), y = new(c.Y.Length);
        return new(
            c.Transpose ? () => transposed.Multiply(x, y) : () => transposed.TransposeThisAndMultiply(x, y),
            () => y.Values.CopyTo(c.Y));
    }

    private static BoundCall BindVector(ElementwiseCase c, Action<DenseVector, DenseVector> apply)
    {
        DenseVector x = new(c.X.ToArray()), result = new(c.Length);
        return new(() => apply(x, result), () => result.Values.CopyTo(c.Destination));
    }

    private static MathNetTranspose Flag(bool transpose) => transpose ? MathNetTranspose.Transpose : MathNetTranspose.DontTranspose;
}
