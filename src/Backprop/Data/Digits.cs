namespace Backprop.Data;

/// <summary>1,797 handwritten digits of 8 × 8 pixels that come with the library.</summary>
/// <remarks>
/// "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak, 1998, UCI Machine Learning Repository,
/// https://doi.org/10.24432/C50P49 (its test part), licensed under CC BY 4.0.
/// </remarks>
public static class Digits
{
    private const string Resource = "digits.csv.gz";
    private const float LargestPixel = 16;

    /// <summary>
    /// Unpacks the digits: 1,797 examples of 64 features, the pixels row by row divided by 16 (0 is white, 1 is black; the quotients
    /// are exact), and of 10 classes. The order is the data set's own.
    /// </summary>
    public static LabelledExamples Load()
    {
        Stream stream = typeof(Digits).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        using DataReader file = DataReader.Over(stream, Resource);
        return Csv.Read(file).Scale(1 / LargestPixel);
    }
}
