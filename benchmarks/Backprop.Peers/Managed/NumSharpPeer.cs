using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using NumSharp;

namespace Backprop.Peers.Managed;

/// <summary>NumSharp, the arrays of NumPy in C#. They are its own, so operands are copied in and results are copied out.</summary>
internal sealed class NumSharpPeer : IPeer
{
    public string Name => "numsharp";

    public string? Unavailable => null;

    public PeerReport Describe(int threads) => new(Name, AssemblyVersion.Of(typeof(NDArray).Assembly), 1, "");

    public BoundCall? Bind(KernelCase problem, int threads) => problem switch
    {
        GemmCase c => BindGemm(c),
        GemvCase c => BindGemv(c),
        ExpCase c => BindMap(c, (x, result) => np.exp(x, result)),
        LogCase c => BindMap(c, (x, result) => np.log(x, result)),
        _ => null,
    };

    private static BoundCall BindGemm(GemmCase c)
    {
        NDArray a = Matrix(c.A, c.Lda, c.TransposeA), b = Matrix(c.B, c.Ldb, c.TransposeB);
        NDArray result = np.array(c.C.ToArray()).reshape(c.M, c.N);
        return new(() => np.matmul(a, b, result), () => result.ToArray<float>().CopyTo(c.C));
    }

    private static BoundCall BindGemv(GemvCase c)
    {
        NDArray a = Matrix(c.A, c.N, c.Transpose), x = np.array(c.X.ToArray()), result = np.array(c.Y.ToArray());
        return new(() => np.matmul(a, x, result), () => result.ToArray<float>().CopyTo(c.Y));
    }

    private static BoundCall BindMap(ElementwiseCase c, Action<NDArray, NDArray> apply)
    {
        NDArray x = np.array(c.X.ToArray()), result = np.array(c.Destination.ToArray());
        return new(() => apply(x, result), () => result.ToArray<float>().CopyTo(c.Destination));
    }

    private static NDArray Matrix(Operand values, int columns, bool transpose)
    {
        NDArray matrix = np.array(values.ToArray()).reshape(values.Length / columns, columns);
        return transpose ? np.transpose(matrix) : matrix;
    }
}
