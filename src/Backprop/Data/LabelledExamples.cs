using System.Globalization;
using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop.Data;

/// <summary>Examples with their classes: inputs row-major, one example a row, Count × Features.</summary>
/// <remarks>Never changes after construction, so it may be shared between threads.</remarks>
public sealed class LabelledExamples
{
    private readonly float[] _inputs;
    private readonly byte[]? _pixels;
    private readonly int[] _classes;
    private readonly int _start;

    /// <summary>Takes over the two arrays without copying them: do not change them afterwards.</summary>
    /// <param name="inputs">classes.Length × features finite numbers, row-major.</param>
    /// <param name="classes">The class of each example, 0 … classCount − 1; may be empty.</param>
    /// <param name="features">Numbers of an example, at least 1.</param>
    /// <param name="classCount">Number of classes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of features or classes is below 1.</exception>
    /// <exception cref="ArgumentException">
    /// The lengths do not agree, an input is NaN or infinite, or a class is out of range; the message names the place and the value.
    /// </exception>
    public LabelledExamples(float[] inputs, int[] classes, int features, int classCount)
        : this(inputs, pixels: null, classes, 0, classes?.Length ?? 0, features, classCount)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        CheckInputs(inputs, classes.Length, features);
        CheckClasses(classes, classCount);
    }

    private LabelledExamples(float[] inputs, byte[]? pixels, int[] classes, int start, int count, int features, int classCount)
    {
        _inputs = inputs;
        _pixels = pixels;
        _classes = classes;
        _start = start;
        Count = count;
        Features = features;
        ClassCount = classCount;
    }

    /// <summary>Number of examples.</summary>
    public int Count { get; }

    /// <summary>Numbers of an example.</summary>
    public int Features { get; }

    /// <summary>Number of classes; every class is below it.</summary>
    public int ClassCount { get; }

    /// <summary>All inputs, Count × Features, row-major.</summary>
    public ReadOnlySpan<float> Inputs => _inputs.AsSpan(_start * Features, Count * Features);

    /// <summary>The pixels k whose k / 255 are the inputs, or nothing where the inputs did not come from pixels: a quarter of the memory to
    /// read for the same numbers.</summary>
    internal ReadOnlySpan<byte> Pixels => _pixels is null ? default : _pixels.AsSpan(_start * Features, Count * Features);

    /// <summary>The class of each example.</summary>
    public ReadOnlySpan<int> Classes => _classes.AsSpan(_start, Count);

    /// <summary>The inputs of one example.</summary>
    /// <param name="index">0 … Count − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside.</exception>
    public ReadOnlySpan<float> Input(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return Inputs.Slice(index * Features, Features);
    }

    /// <summary>A view of successive examples, without a copy; features and number of classes stay.</summary>
    /// <param name="start">Index of the first, 0 … Count.</param>
    /// <param name="count">How many, 0 … Count − start.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside.</exception>
    public LabelledExamples Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new LabelledExamples(_inputs, _pixels, _classes, _start + start, count, Features, ClassCount);
    }

    /// <summary>Views of the first so many examples and of the rest.</summary>
    /// <param name="firstCount">0 … Count.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is outside.</exception>
    public (LabelledExamples First, LabelledExamples Second) Split(int firstCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstCount, Count);
        return (Slice(0, firstCount), Slice(firstCount, Count - firstCount));
    }

    /// <summary>
    /// A copy in random order: Fisher–Yates from the last place down, drawn from <see cref="RandomSource"/>, so a seed gives the same
    /// order on every platform.
    /// </summary>
    /// <param name="seed">Any number.</param>
    public LabelledExamples Shuffle(ulong seed)
    {
        int[] order = new int[Count];
        new RandomSource(seed).Permute(order);
        return Gather(order);
    }

    /// <summary>Examples whose inputs are pixels of 0 … 255 divided by 255; takes over both arrays.</summary>
    /// <param name="pixels">classes.Length × features.</param>
    /// <param name="classes">The class of each, 0 … classCount − 1.</param>
    /// <param name="features">Pixels of an example, at least 1.</param>
    /// <param name="classCount">Number of classes.</param>
    internal static LabelledExamples FromPixels(byte[] pixels, int[] classes, int features, int classCount)
    {
        float[] inputs = new float[pixels.Length];
        RowGather.Run(pixels, pixels.Length, [0], 1, inputs);
        return new LabelledExamples(inputs, pixels, classes, 0, classes.Length, features, classCount);
    }

    /// <summary>
    /// The SHA-256 of count, features and number of classes as little-endian 32-bit integers, the inputs as floats and the classes as
    /// integers, in 64 lower-case hexadecimal digits.
    /// </summary>
    internal string ComputeSha256()
    {
        using Sha256 hash = new();
        hash.AppendLittleEndian([Count, Features, ClassCount]);
        hash.AppendLittleEndian(Inputs);
        hash.AppendLittleEndian(Classes);
        return Convert.ToHexStringLower(hash.Finish());
    }

    private LabelledExamples Gather(ReadOnlySpan<int> order)
    {
        int[] classes = new int[order.Length];
        for (int i = 0; i < order.Length; i++) classes[i] = Classes[order[i]];
        return new LabelledExamples(
            GatherRows(Inputs, order), _pixels is null ? null : GatherRows(Pixels, order), classes, 0, order.Length, Features, ClassCount);
    }

    private T[] GatherRows<T>(ReadOnlySpan<T> source, ReadOnlySpan<int> order)
    {
        T[] rows = new T[source.Length];
        for (int i = 0; i < order.Length; i++) source.Slice(order[i] * Features, Features).CopyTo(rows.AsSpan(i * Features));
        return rows;
    }

    private static void CheckInputs(ReadOnlySpan<float> inputs, int count, int features)
    {
        if (inputs.Length != (long)count * features)
        {
            throw new ArgumentException(
                $"inputs: {count} × {features} needs {(long)count * features} elements, got {inputs.Length}", nameof(inputs));
        }
        int wrong = FirstNotFinite(inputs);
        if (wrong == inputs.Length) return;
        (int row, int column) = Math.DivRem(wrong, features);
        string value = inputs[wrong].ToString(CultureInfo.InvariantCulture);
        throw new ArgumentException($"inputs: {value} at [{row}, {column}], expected a finite number", nameof(inputs));
    }

    private static void CheckClasses(ReadOnlySpan<int> classes, int classCount)
    {
        int wrong = FirstOutside(classes, classCount);
        if (wrong == classes.Length) return;
        string value = classes[wrong].ToString(CultureInfo.InvariantCulture);
        throw new ArgumentException($"classes: {value} at [{wrong}], expected 0 … {classCount - 1}", nameof(classes));
    }

    // plain loops, compiled at once: the vectorised searches of the runtime take the JIT longer than these take over all of MNIST
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FirstNotFinite(ReadOnlySpan<float> inputs)
    {
        int i = 0;
        while (i < inputs.Length && float.IsFinite(inputs[i])) i++;
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FirstOutside(ReadOnlySpan<int> classes, int classCount)
    {
        int i = 0;
        while (i < classes.Length && (uint)classes[i] < (uint)classCount) i++;
        return i;
    }
}
