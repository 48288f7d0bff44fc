using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

/// <summary>Which products of A and Bᵀ are made of dots, sums over 16 lanes and a tree, and which of chains: the one choice that decides
/// bits, and so a rule of sizes alone.</summary>
internal static class DotRule
{
    /// <summary>Whether A Bᵀ, A m × k and B n × k, is made of dots (decision 0006): few rows of A do not pay for transposing B into panels,
    /// unless they are so short that the sums over lanes cost more; few rows of B leave most lanes of a chain empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Applies(int m, int n, int k) => k > 0 && (m <= 4 || (m <= 32 && k >= 8 * m) || (n <= 8 && k >= 16 * n));
}
