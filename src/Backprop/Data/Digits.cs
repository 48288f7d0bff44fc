using System.Runtime.CompilerServices;

namespace Backprop.Data;

/// <summary>1,797 handwritten digits of 8 × 8 pixels that come with the library.</summary>
/// <remarks>
/// "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository,
/// https://doi.org/10.24432/C50P49 (its test part), licensed under CC BY 4.0.
/// </remarks>
public static class Digits
{
    private const string Resource = "digits.gz";
    private const float LargestPixel = 16;
    private const int Count = 1797;
    private const int Features = 64;
    private const int Classes = 10;

    /// <summary>
    /// Unpacks the digits: 1,797 examples of 64 features, the pixels row by row divided by 16 (0 is white, 1 is black; the quotients
    /// are exact), and of 10 classes. The order is the data set's own.
    /// </summary>
    public static LabelledExamples Load()
    {
        Stream stream = typeof(Digits).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        using DataReader file = DataReader.Over(stream, Resource);
        float[] inputs = new float[Count * Features];
        // one pixel of all examples after the other, then the classes
        byte[] values = new byte[Count];
        for (int pixel = 0; pixel < Features; pixel++)
        {
            file.Read(values);
            Scatter(values, inputs.AsSpan(pixel));
        }
        file.Read(values);
        int[] classes = Array.ConvertAll(values, value => (int)value);
        return new LabelledExamples(inputs, classes, Features, Classes);
    }

    /// <summary>One pixel of all examples. A method of its own, compiled at once: in <see cref="Load"/> the runtime would replace the loop while it
    /// runs, which takes ten times as long as the loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter(ReadOnlySpan<byte> values, Span<float> inputs)
    {
        for (int row = 0; row < values.Length; row++) inputs[row * Features] = values[row] / LargestPixel;
    }
}
