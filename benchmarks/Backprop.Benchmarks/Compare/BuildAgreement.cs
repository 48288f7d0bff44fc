using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;

namespace Backprop.Benchmarks.Compare;

/// <summary>
/// Holds the results of another build of the library against those of this one. Both have been found right; where they are not the same
/// bits, that is told.
/// </summary>
internal sealed class BuildAgreement(IComparisonObserver observer)
{
    // of every array; the first and the last element are among them
    private const long ComparedElements = 1 << 20;

    private KernelCase? _problem;
    private float[][] _kept = [];

    /// <summary>Takes the results that a call at <paramref name="level"/> left: this build's are kept for those of the other.</summary>
    public void Add(KernelCase problem, string level)
    {
        if (level == AutoContender.Level)
        {
            _kept = [.. problem.Results.Select(result => Indices(result).Select(index => result.Values.Span[(int)index]).ToArray())];
            _problem = problem;
        }
        else if (level == OtherBuild.Level && _problem == problem && FindDifference(problem) is string difference)
        {
            observer.Noticed($"{problem.Kernel} {problem.Shape}: not the same bits in both builds, though right in each: {difference}");
        }
    }

    private string? FindDifference(KernelCase problem) => problem.Results.Zip(_kept)
        .SelectMany(pair => Indices(pair.First).Zip(pair.Second, (index, kept) =>
            ResultCheck.CompareBits(pair.First.Name, index, kept, pair.First.Values.Span[(int)index])))
        .FirstOrDefault(difference => difference is not null);

    private static IEnumerable<long> Indices(NamedResult result) => ResultCheck.Sample(result.Values.Length, ComparedElements);
}
