namespace Backprop.Kernels;

/// <summary>
/// The numeric operations of fully connected networks on spans of <see cref="float"/>: row-major, sizes and strides in elements,
/// the destination last.
/// </summary>
/// <remarks>
/// <para>Every operation gives the same bits at every <see cref="Simd.SimdLevel"/>, with any number of threads and on every
/// processor; only the payload of a NaN may differ. A product may allocate when it needs a larger packing buffer than
/// its thread has kept; nothing else allocates.</para>
/// <para>Arguments are checked before anything is written: an exception leaves every span as it was. Matrices without a stride
/// argument are dense and their spans hold exactly rows × columns elements.</para>
/// <para>All members may be called from many threads at once on spans that do not share a written element.</para>
/// </remarks>
public static partial class Kernel
{
}
