using System.Runtime.Intrinsics;

namespace Backprop.Simd;

/// <summary>A vector as quads of four lanes: what transpositions are made of.</summary>
internal unsafe interface IQuads<TVector>
    where TVector : struct
{
    /// <summary>Quad q from the four elements at source + q · stride.</summary>
    static abstract TVector LoadQuads(float* source, nint stride);

    /// <summary>The same for the elements set in <paramref name="mask"/>, 0 elsewhere; the others are not touched.</summary>
    static abstract TVector LoadQuads(float* source, nint stride, Vector128<float> mask);

    /// <summary>(a0, b0, a1, b1) in each quad.</summary>
    static abstract TVector InterleaveLow(TVector a, TVector b);

    /// <summary>(a2, b2, a3, b3) in each quad.</summary>
    static abstract TVector InterleaveHigh(TVector a, TVector b);
}
