namespace Backprop.Peers.Blas;

/// <summary>OpenBLAS.</summary>
internal sealed unsafe class OpenBlasPeer() : CblasPeer("openblas", "libopenblas.so.0", "libopenblas.dll", "libopenblas.dylib")
{
    // an environment variable that makes it take another processor's code
    private const string CoreVariable = "OPENBLAS_CORETYPE";

    protected override string Version => Library.Text("openblas_get_config").Split(' ') is ["OpenBLAS", string version, ..] ? version : "";

    protected override string Core
    {
        get
        {
            string core = Library.Text("openblas_get_corename");
            return Environment.GetEnvironmentVariable(CoreVariable) is string forced ? $"{core}, forced by {CoreVariable}={forced}" : core;
        }
    }

    protected override void SetThreads(int threads) =>
        ((delegate* unmanaged<int, void>)Library.Export("openblas_set_num_threads"))(threads);
}
