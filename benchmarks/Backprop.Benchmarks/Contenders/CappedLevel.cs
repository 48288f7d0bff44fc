using Backprop.Simd;

namespace Backprop.Benchmarks.Contenders;

/// <summary>Runs work with the library's vector width capped, and puts the cap back.</summary>
internal static class CappedLevel
{
    public static void Run(SimdLevel level, Action work)
    {
        SimdLevel? before = SimdSupport.Cap;
        SimdSupport.Cap = level;
        try
        {
            work();
        }
        finally
        {
            SimdSupport.Cap = before;
        }
    }
}
