using System.Text;

namespace Backprop.Peers.Blas;

/// <summary>Intel's Math Kernel Library, 32-bit sizes.</summary>
internal sealed unsafe class MklPeer() : CblasPeer("mkl", "libmkl_rt.so.2", "libmkl_rt.so", "mkl_rt.2.dll", "libmkl_rt.2.dylib")
{
    private const string Prefix = "Intel(R) oneAPI Math Kernel Library Version ";

    private const int TextLength = 256;

    protected override string Version
    {
        get
        {
            string text = FullVersion();
            return text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split(' ')[0] : text;
        }
    }

    // it does not tell the code it picks when it runs
    protected override string Core => "";

    protected override void SetThreads(int threads) => ((delegate* unmanaged<int, void>)Library.Export("MKL_Set_Num_Threads"))(threads);

    private string FullVersion()
    {
        byte* text = stackalloc byte[TextLength];
        ((delegate* unmanaged<byte*, int, void>)Library.Export("MKL_Get_Version_String"))(text, TextLength);
        ReadOnlySpan<byte> bytes = new(text, TextLength);
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]).TrimEnd();
    }
}
