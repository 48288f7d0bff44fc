using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.FormattableString;

namespace Backprop.Kernels;

/// <summary>The argument checks of the public edge. Each throws from a method of its own, so that the checked path stays small.</summary>
internal static class Check
{
    /// <summary>Refuses a negative size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NotNegative(int size, [CallerArgumentExpression(nameof(size))] string name = "")
    {
        if (size < 0) ThrowSize(name, size, "0 or more");
    }

    /// <summary>Refuses a size below 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Positive(int size, [CallerArgumentExpression(nameof(size))] string name = "")
    {
        if (size < 1) ThrowSize(name, size, "1 or more");
    }

    /// <summary>Refuses an empty span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NotEmpty(int actual, string name)
    {
        if (actual == 0) ThrowEmpty(name);
    }

    /// <summary>Wants exactly <paramref name="expected"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Length(int actual, int expected, string name)
    {
        if (actual != expected) ThrowLength(name, expected, actual);
    }

    /// <summary>Wants a dense row-major matrix of exactly rows × columns elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Matrix(int actual, int rows, int columns, string name)
    {
        if (actual != (long)rows * columns) ThrowMatrix(name, rows, columns, actual);
    }

    /// <summary>Wants a row-major matrix whose rows start <paramref name="stride"/> elements apart: (rows − 1) · stride + columns or
    /// more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Strided(int actual, int rows, int columns, int stride, string name, string strideName)
    {
        if (stride < Math.Max(1, columns)) ThrowStride(strideName, stride, name, columns);
        if (rows > 0 && columns > 0 && actual < (long)(rows - 1) * stride + columns) ThrowStrided(name, rows, columns, stride, actual);
    }

    /// <summary>Lets <paramref name="destination"/> be <paramref name="source"/> itself or apart from it; anything between is
    /// refused.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SameOrApart(
        ReadOnlySpan<float> source,
        ReadOnlySpan<float> destination,
        string sourceName,
        [CallerArgumentExpression(nameof(destination))] string name = "")
    {
        if (source.Overlaps(destination, out int offset) && offset != 0)
            ThrowOverlap(name, sourceName, "may only be the same span or apart from it");
    }

    /// <summary>Refuses any common element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apart(
        ReadOnlySpan<float> source,
        ReadOnlySpan<float> destination,
        string sourceName,
        [CallerArgumentExpression(nameof(destination))] string name = "")
    {
        if (source.Overlaps(destination)) ThrowOverlap(name, sourceName, "must not share an element with it");
    }

    /// <summary>What the update of parameters from their gradient asks of its operands: equal lengths, and no common element.</summary>
    public static void Update(ReadOnlySpan<float> gradient, Span<float> parameters, int threads)
    {
        Positive(threads);
        Length(parameters.Length, gradient.Length, nameof(parameters));
        Apart(gradient, parameters, nameof(gradient));
    }

    /// <summary>The same with what each parameter remembers, by the name the caller gives it.</summary>
    public static void Update(
        ReadOnlySpan<float> gradient,
        Span<float> state,
        Span<float> parameters,
        int threads,
        [CallerArgumentExpression(nameof(state))] string name = "")
    {
        Length(state.Length, gradient.Length, name);
        Apart(gradient, state, nameof(gradient), name);
        Update(gradient, parameters, threads);
        Apart(state, parameters, name);
    }

    /// <summary>The same with the two means of Adam.</summary>
    public static void Update(ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, Span<float> parameters, int threads)
    {
        Update(gradient, mean, parameters, threads);
        Update(gradient, square, parameters, threads);
        Apart(mean, square, nameof(mean));
    }

    /// <summary>Whether a matrix enters transposed; refuses a value that is no member of <see cref="Transpose"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsTransposed(Transpose transpose, [CallerArgumentExpression(nameof(transpose))] string name = "")
    {
        if ((uint)transpose > (uint)Transpose.Yes) ThrowTranspose(name, transpose);
        return transpose == Transpose.Yes;
    }

    /// <summary>Wants each class index within 0 … columns − 1.</summary>
    public static void Classes(ReadOnlySpan<int> classes, int rows, int columns)
    {
        Length(classes.Length, rows, nameof(classes));
        for (int row = 0; row < classes.Length; row++)
        {
            if ((uint)classes[row] >= (uint)columns) ThrowClass(nameof(classes), row, classes[row], columns);
        }
    }

    /// <summary>Wants rows of targets from 0 up that sum to 1 within 10⁻⁴.</summary>
    public static void Targets(ReadOnlySpan<float> targets, int rows, int columns)
    {
        Matrix(targets.Length, rows, columns, nameof(targets));
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> target = targets.Slice(row * columns, columns);
            (double sum, bool isNegative) = Sum(target);
            if (isNegative || !(Math.Abs(sum - 1) <= 1e-4)) ThrowTargets(target, row, sum);
        }
    }

    /// <summary>The sum in double of eight lanes, and whether an element is below 0.</summary>
    private static (double Sum, bool IsNegative) Sum(ReadOnlySpan<float> x)
    {
        Vector256<double> low = Vector256<double>.Zero, high = Vector256<double>.Zero;
        Vector256<float> smallest = Vector256<float>.Zero;
        int i = 0;
        for (; i <= x.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> eight = Vector256.Create(x.Slice(i, Vector256<float>.Count));
            smallest = Vector256.MinNative(eight, smallest);
            low += Vector256.WidenLower(eight);
            high += Vector256.WidenUpper(eight);
        }
        double sum = Vector256.Sum(low + high);
        bool isNegative = Vector256.LessThanAny(smallest, Vector256<float>.Zero);
        for (; i < x.Length; i++)
        {
            sum += x[i];
            isNegative |= x[i] < 0f;
        }
        return (sum, isNegative);
    }

    [DoesNotReturn]
    private static void ThrowSize(string name, int size, string expected) =>
        throw new ArgumentOutOfRangeException(name, size, Invariant($"{name}: expected {expected}, got {size}"));

    [DoesNotReturn]
    private static void ThrowTranspose(string name, Transpose transpose) =>
        throw new ArgumentOutOfRangeException(name, transpose, Invariant($"{name}: expected No or Yes, got {(int)transpose}"));

    [DoesNotReturn]
    private static void ThrowEmpty(string name) => throw new ArgumentException(Invariant($"{name}: needs 1 element or more, got 0"), name);

    [DoesNotReturn]
    private static void ThrowLength(string name, int expected, int actual) =>
        throw new ArgumentException(Invariant($"{name}: needs {expected} elements, got {actual}"), name);

    [DoesNotReturn]
    private static void ThrowMatrix(string name, int rows, int columns, int actual) =>
        throw new ArgumentException(Invariant($"{name}: {rows} × {columns} needs {(long)rows * columns} elements, got {actual}"), name);

    [DoesNotReturn]
    private static void ThrowStride(string name, int stride, string matrix, int columns)
    {
        int least = Math.Max(1, columns);
        throw new ArgumentOutOfRangeException(
            name, stride, Invariant($"{name}: rows of {matrix} hold {columns} elements and need a stride of {least} or more, got {stride}"));
    }

    [DoesNotReturn]
    private static void ThrowStrided(string name, int rows, int columns, int stride, int actual)
    {
        long needed = (long)(rows - 1) * stride + columns;
        throw new ArgumentException(
            Invariant($"{name}: {rows} × {columns} with a stride of {stride} needs {needed} elements, got {actual}"), name);
    }

    [DoesNotReturn]
    private static void ThrowOverlap(string name, string source, string rule) =>
        throw new ArgumentException(Invariant($"{name}: overlaps {source}, but {rule}"), name);

    [DoesNotReturn]
    private static void ThrowClass(string name, int row, int found, int columns) =>
        throw new ArgumentException(Invariant($"{name}: row {row} has class {found}, expected 0 to {columns - 1}"), name);

    [DoesNotReturn]
    private static void ThrowTargets(ReadOnlySpan<float> targets, int row, double sum)
    {
        for (int column = 0; column < targets.Length; column++)
        {
            if (!(targets[column] >= 0f))
            {
                throw new ArgumentException(
                    Invariant($"targets: row {row} has {targets[column]} in column {column}, expected numbers from 0 to 1 that sum to 1"),
                    nameof(targets));
            }
        }
        throw new ArgumentException(Invariant($"targets: row {row} sums to {sum}, expected 1"), nameof(targets));
    }
}
