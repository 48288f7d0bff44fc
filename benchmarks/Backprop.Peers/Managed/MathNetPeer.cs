using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra.Single;
using MathNet.Numerics.Providers.LinearAlgebra;
using MathNetTranspose = MathNet.Numerics.Providers.LinearAlgebra.Transpose;

namespace Backprop.Peers.Managed;

/// <summary>
/// Math.NET Numerics with its managed provider. Its matrices are column-major: an array of rows is, to it, the transposed matrix.
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
            ExpCase c => BindVector(c.X, c.Destination, (x, result) => x.PointwiseExp(result)),
            LogCase c => BindVector(c.X, c.Destination, (x, result) => x.PointwiseLog(result)),
            _ => null,
        };
    }

    // Cᵀ = op(B)ᵀ op(A)ᵀ
    private static BoundCall BindGemm(GemmCase c)
    {
        ILinearAlgebraProvider<float> provider = LinearAlgebraControl.Provider;
        (int rowsB, int columnsB) = c.TransposeB ? (c.K, c.N) : (c.N, c.K);
        (int rowsA, int columnsA) = c.TransposeA ? (c.M, c.K) : (c.K, c.M);
        return new(() => provider.MatrixMultiplyWithUpdate(
            Flag(c.TransposeB), Flag(c.TransposeA), 1, c.B, rowsB, columnsB, c.A, rowsA, columnsA, 0, c.C));
    }

    private static BoundCall BindGemv(GemvCase c)
    {
        DenseMatrix transposed = new(c.N, c.M, c.A);
        DenseVector x = new(c.X), y = new(c.Y);
        return c.Transpose ? new(() => transposed.Multiply(x, y)) : new(() => transposed.TransposeThisAndMultiply(x, y));
    }

    private static BoundCall BindVector(float[] from, float[] to, Action<DenseVector, DenseVector> apply)
    {
        DenseVector x = new(from), result = new(to);
        return new(() => apply(x, result));
    }

    private static MathNetTranspose Flag(bool transpose) => transpose ? MathNetTranspose.Transpose : MathNetTranspose.DontTranspose;
}
