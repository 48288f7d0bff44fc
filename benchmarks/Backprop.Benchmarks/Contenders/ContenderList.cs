using Backprop.Benchmarks.Compare;
using Backprop.Simd;

namespace Backprop.Benchmarks.Contenders;

/// <summary>The levels of the comparison, in the order of reports.</summary>
internal static class ContenderList
{
    public const string Baseline = "scalar";

    public static IReadOnlyList<IContender> All { get; } =
    [
        new NaiveContender(),
        .. Enum.GetValues<SimdLevel>().Select(level => new LevelContender(level)),
        new TensorPrimitivesContender(),
        new AutoContender(),
    ];

    /// <summary>
    /// The contenders of the given names in the order of reports, or all this CPU can run when there are no names.
    /// A name that is unknown, or of a level that is not accelerated here, is an <see cref="InputException"/>.
    /// </summary>
    public static IReadOnlyList<IContender> Select(IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
            return [.. All.Where(contender => contender.Unavailable is null)];
        foreach (string name in names)
        {
            IContender contender = All.FirstOrDefault(contender => contender.Name == name)
                ?? throw new InputException(
                    $"unknown level '{name}', expected {string.Join(", ", All.Select(contender => contender.Name))}");
            if (contender.Unavailable is string reason)
                throw new InputException($"level '{name}' is not available: {reason}");
        }
        return [.. All.Where(contender => names.Contains(contender.Name))];
    }

    /// <summary>
    /// <paramref name="contenders"/> with another build of the library at the end and this build before it, both called in the same way.
    /// </summary>
    public static IReadOnlyList<IContender> With(IReadOnlyList<IContender> contenders, OtherBuild other) =>
        [.. contenders.Where(contender => contender.Name != AutoContender.Level), new BuildContender(), other];
}
