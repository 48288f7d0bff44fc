namespace Backprop.Simd;

/// <summary>One level of the data caches of a core.</summary>
/// <param name="Size">Bytes that one core may fill. A cache may be shared.</param>
/// <param name="Ways">Lines that can be kept of those whose addresses are the same modulo <c>Size / Ways</c>.</param>
/// <param name="LineSize">Bytes of a line.</param>
internal readonly record struct CacheLevel(long Size, int Ways, int LineSize);
