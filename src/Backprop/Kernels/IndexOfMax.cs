using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Backprop.Kernels;

/// <summary>The place of the largest element.</summary>
internal static class IndexOfMax
{
    /// <summary>Rows below this length are searched here: the vectorised search takes the JIT 8 ms before its first result.</summary>
    private const int MinVectorised = 64;

    /// <summary>The first place of the largest element, or of the first NaN; +0 counts as larger than −0; −1 where there is none.</summary>
    public static int Of(ReadOnlySpan<float> row) => row.Length < MinVectorised ? InOrder(row) : Vectorised(row);

    /// <summary>A method of its own, so that short rows do not load the assembly it calls.</summary>
    private static int Vectorised(ReadOnlySpan<float> row) => TensorPrimitives.IndexOfMax(row);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int InOrder(ReadOnlySpan<float> row)
    {
        int place = row.IsEmpty ? -1 : 0;
        for (int i = 0; i < row.Length; i++)
        {
            float value = row[i], largest = row[place];
            if (float.IsNaN(value)) return i;
            if (value > largest || (value == largest && float.IsNegative(largest) && float.IsPositive(value))) place = i;
        }
        return place;
    }
}
