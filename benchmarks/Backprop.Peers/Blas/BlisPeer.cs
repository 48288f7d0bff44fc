using System.Runtime.InteropServices;

namespace Backprop.Peers.Blas;

/// <summary>BLIS.</summary>
internal sealed unsafe class BlisPeer() : CblasPeer("blis", "libblis.so.4", "libblis.so.5", "libblis.dll", "libblis.dylib")
{
    // an environment variable that makes it take another processor's code
    private const string CoreVariable = "BLIS_ARCH_TYPE";

    protected override string Version => Library.Text("bli_info_get_version_str");

    protected override string Core
    {
        get
        {
            int architecture = ((delegate* unmanaged<int>)Library.Export("bli_arch_query_id"))();
            string core = Marshal.PtrToStringUTF8(((delegate* unmanaged<int, nint>)Library.Export("bli_arch_string"))(architecture)) ?? "";
            return Environment.GetEnvironmentVariable(CoreVariable) is string forced ? $"{core}, forced by {CoreVariable}={forced}" : core;
        }
    }

    // its own integers are 64 bits wide whatever those of its BLAS interface
    protected override void SetThreads(int threads) =>
        ((delegate* unmanaged<long, void>)Library.Export("bli_thread_set_num_threads"))(threads);
}
