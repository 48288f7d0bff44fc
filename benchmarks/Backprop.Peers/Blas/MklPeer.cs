using System.Text;

namespace Backprop.Peers.Blas;

/// <summary>Intel's Math Kernel Library, 32-bit sizes.</summary>
internal sealed unsafe class MklPeer() : CblasPeer("mkl", "libmkl_rt.so.2", "libmkl_rt.so", "mkl_rt.2.dll", "libmkl_rt.2.dylib")
{
    private const string VersionWord = "Version ";

    // an environment variable by which the user chooses, and the library's own numbers for what it can choose from
    private const string LayerVariable = "MKL_THREADING_LAYER";
    private const int IntelThreads = 0, NoThreads = 1, GnuThreads = 3, ChosenElsewhere = -1;

    private readonly Lazy<int> _layer = new(FindLayer);

    private const int TextLength = 256;

    protected override string Version
    {
        get
        {
            string text = FullVersion();
            int start = text.IndexOf(VersionWord, StringComparison.Ordinal);
            return start < 0 ? text : text[(start + VersionWord.Length)..].Split(' ')[0];
        }
    }

    // it does not tell the code it picks when it runs
    protected override string Core => _layer.Value switch
    {
        IntelThreads => "Intel's OpenMP",
        GnuThreads => "GNU's OpenMP",
        NoThreads => "without OpenMP, which this machine does not have: one thread",
        _ => "",
    };

    // the layer has to be chosen before anything else is called: with one that is not there the library ends the process
    protected override void SetThreads(int threads)
    {
        if (_layer.Value != ChosenElsewhere)
            ((delegate* unmanaged<int, int>)Library.Export("MKL_Set_Threading_Layer"))(_layer.Value);
        ((delegate* unmanaged<int, void>)Library.Export("MKL_Set_Num_Threads"))(threads);
    }

    // its OpenMP layers do not load what they need: it has to be there, and visible to all
    private static int FindLayer()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(LayerVariable) is not null)
            return ChosenElsewhere;
        return GlobalLibrary.TryLoad("libiomp5.so") ? IntelThreads : GlobalLibrary.TryLoad("libgomp.so.1") ? GnuThreads : NoThreads;
    }

    private string FullVersion()
    {
        byte* text = stackalloc byte[TextLength];
        ((delegate* unmanaged<byte*, int, void>)Library.Export("MKL_Get_Version_String"))(text, TextLength);
        ReadOnlySpan<byte> bytes = new(text, TextLength);
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]).TrimEnd();
    }
}
