namespace Backprop.Benchmarks.Cases;

/// <summary>
/// Floating-point operations that the library's own formulas take for a number, as decision 0003 has them. A sum, a difference, a product,
/// a quotient and a rounding by a sum count as one each and a fused multiply-add as two; what only moves bits or chooses does not count: a
/// maximum, a comparison, a selection, a sign, a conversion, a scaling by a power of two. So a contender that takes another way is told in
/// the operations of this one.
/// </summary>
internal static class FunctionCost
{
    /// <summary>
    /// x / ln 2 rounded (3), x − n ln 2 in two parts (4), q of degree 4 (8), r² (1), t (2), 1 + t (1).
    /// </summary>
    public const double Exp = 19;

    /// <summary>
    /// f (1), p of degree 7 (14), f² and f³ (2), n ln 2 in two parts, −f²/2 and the sums of the four terms (8), n less the shift of a
    /// subnormal number, which is 0 (1).
    /// </summary>
    public const double Log = 26;

    /// <summary>e (19), 1 + e, the quotient s, e − e·s (2).</summary>
    public const double Sigmoid = Exp + 4;

    /// <summary>z − max, its exponential, the sum of them: what softmax, its logarithm and the cost begin with.</summary>
    public const double ExpOfRow = Exp + 2;
}
