using System.Runtime.InteropServices;

namespace Backprop.Peers.Blas;

/// <summary>A shared library with the C interface of BLAS, 32-bit sizes.</summary>
internal sealed unsafe class CblasLibrary
{
    // the interface's own numbers
    public const int RowMajor = 101, NoTranspose = 111, Transpose = 112;

    private readonly nint _handle;

    private CblasLibrary(nint handle, string name)
    {
        _handle = handle;
        Name = name;
        Gemm = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            Export("cblas_sgemm");
        Gemv = (delegate* unmanaged<int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)Export("cblas_sgemv");
        Ger = (delegate* unmanaged<int, int, int, float, float*, int, float*, int, float*, int, void>)Export("cblas_sger");
    }

    /// <summary>The file name it was found by.</summary>
    public string Name { get; }

    /// <summary>Order, transpositions of A and B, m, n, k, α, A, lda, B, ldb, β, C, ldc.</summary>
    public delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> Gemm { get; }

    /// <summary>Order, transposition, m, n, α, A, lda, x, its step, β, y, its step.</summary>
    public delegate* unmanaged<int, int, int, int, float, float*, int, float*, int, float, float*, int, void> Gemv { get; }

    /// <summary>Order, m, n, α, x, its step, y, its step, A, lda.</summary>
    public delegate* unmanaged<int, int, int, float, float*, int, float*, int, float*, int, void> Ger { get; }

    /// <summary>The first of <paramref name="names"/> that the system's loader finds and that has what is needed, or null.</summary>
    public static CblasLibrary? Find(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle) && NativeLibrary.TryGetExport(handle, "cblas_sgemm", out _))
                return new CblasLibrary(handle, name);
        }
        return null;
    }

    /// <summary>The address of a function of the library's own.</summary>
    public nint Export(string function) => NativeLibrary.GetExport(_handle, function);

    /// <summary>The text that a function without arguments returns.</summary>
    public string Text(string function) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)Export(function))()) ?? "";
}
