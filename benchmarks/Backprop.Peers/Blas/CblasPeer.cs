using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;

namespace Backprop.Peers.Blas;

/// <summary>The products of a BLAS library, where the machine has it.</summary>
internal abstract unsafe class CblasPeer(string name, params string[] libraryNames) : IPeer
{
    private readonly Lazy<CblasLibrary?> _library = new(() => CblasLibrary.Find(libraryNames));

    public string Name => name;

    public string? Unavailable =>
        _library.Value is null ? $"none of {string.Join(", ", libraryNames)} can be loaded on this machine" : null;

    public bool Threaded => true;

    protected CblasLibrary Library => _library.Value ?? throw new InvalidOperationException($"{name} is not there");

    public PeerReport Describe(int threads)
    {
        SetThreads(threads);
        return new PeerReport(name, Version, threads, Core);
    }

    public BoundCall? Bind(KernelCase problem, int threads)
    {
        SetThreads(threads);
        return problem switch
        {
            GemmCase c => new(() => Multiply(c)),
            GemvCase c => new(() => Multiply(c)),
            GerCase c => new(() => Update(c)),
            _ => null,
        };
    }

    protected abstract string Version { get; }

    /// <summary>The code it chose for this processor.</summary>
    protected abstract string Core { get; }

    protected abstract void SetThreads(int threads);

    private static int Flag(bool transpose) => transpose ? CblasLibrary.Transpose : CblasLibrary.NoTranspose;

    private void Multiply(GemmCase c)
    {
        fixed (float* a = c.A, b = c.B, result = c.C)
        {
            Library.Gemm(
                CblasLibrary.RowMajor, Flag(c.TransposeA), Flag(c.TransposeB), c.M, c.N, c.K, 1, a, c.Lda, b, c.Ldb, 0, result, c.N);
        }
    }

    private void Multiply(GemvCase c)
    {
        fixed (float* a = c.A, x = c.X, y = c.Y)
            Library.Gemv(CblasLibrary.RowMajor, Flag(c.Transpose), c.M, c.N, 1, a, c.N, x, 1, 0, y, 1);
    }

    private void Update(GerCase c)
    {
        fixed (float* a = c.A, x = c.X, y = c.Y)
            Library.Ger(CblasLibrary.RowMajor, c.M, c.N, GerCase.Alpha, x, 1, y, 1, a, c.N);
    }
}
