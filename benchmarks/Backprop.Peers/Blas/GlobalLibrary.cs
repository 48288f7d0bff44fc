using System.Runtime.InteropServices;

namespace Backprop.Peers.Blas;

/// <summary>Loads a shared library so that those loaded after it find its functions, which the runtime's own loader does not.</summary>
internal static partial class GlobalLibrary
{
    // RTLD_NOW and RTLD_GLOBAL of Linux
    private const int NowAndGlobal = 0x102;

    /// <summary>Whether the system's loader finds it; Linux alone is asked.</summary>
    public static bool TryLoad(string name) => OperatingSystem.IsLinux() && Open(name, NowAndGlobal) != 0;

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Open(string name, int flags);
}
