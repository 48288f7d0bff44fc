namespace Backprop.Kernels;

/// <summary>Whether a matrix enters a product as it is or transposed.</summary>
public enum Transpose
{
    /// <summary>As it is stored.</summary>
    No,

    /// <summary>Transposed: element [i, j] is read at [j, i].</summary>
    Yes,
}
