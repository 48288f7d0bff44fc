using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Backprop.Simd;

/// <summary>The data caches of one core: what the processor or the operating system tells, ordinary sizes where neither does.</summary>
/// <remarks>
/// The sizes never change a result, only its speed. An operator sets them without touching the program, for instance to run the plan of
/// another machine, through the runtime setting <c>Backprop.Caches</c> (<c>runtimeconfig.json</c>, an <see cref="AppContext"/> value) or,
/// where that is absent, the environment variable <c>BACKPROP_CACHES</c>; both take L1, L2 and L3 such as <c>32K,512K,32M</c>. Lines
/// and the bytes of a way stay those of the machine. A value that is no such list is ignored, and <see cref="Explain"/> says so.
/// </remarks>
/// <param name="Level1">The first level. Instruction caches do not count.</param>
/// <param name="Level2">The second level, or the first once more where there is no second.</param>
/// <param name="Level3">The third level, or the second once more where there is no third.</param>
/// <param name="Source">Where the sizes were found.</param>
internal sealed record CacheSizes(CacheLevel Level1, CacheLevel Level2, CacheLevel Level3, string Source)
{
    /// <summary>The name of the runtime setting that sets the sizes.</summary>
    public const string SwitchName = "Backprop.Caches";

    /// <summary>The name of the environment variable that sets the sizes where the setting is absent.</summary>
    public const string EnvironmentVariable = "BACKPROP_CACHES";

    // What is taken for true: below and above are mistakes of a hypervisor. The largest L3 of a package, stacked, is 1.1 GB, and no core
    // fills all of it.
    private const long MinL1 = 8 << 10, MaxL1 = 1 << 20, MaxL2 = 256 << 20, MaxL3 = 1 << 30;
    private const int MaxWays = 128, MinLineSize = 16, MaxLineSize = 1024;

    // An operator may try less than any machine has.
    private const long MinConfiguredL1 = 4 << 10;

    // Ordinary for desktop and server cores of the last ten years.
    private static readonly CacheSizes s_assumed = new(32 << 10, 1 << 20, 32 << 20, "assumed");

    private static readonly string? s_setting = AppContext.GetData(SwitchName) as string;

    private static readonly string? s_configured = s_setting ?? Environment.GetEnvironmentVariable(EnvironmentVariable);

    /// <summary>Caches of given sizes in bytes, with the ways and the lines that most processors have.</summary>
    /// <param name="l1">Bytes of the first level.</param>
    /// <param name="l2">Bytes of the second level.</param>
    /// <param name="l3">Bytes of the third level.</param>
    /// <param name="source">Where the sizes were found.</param>
    public CacheSizes(long l1, long l2, long l3, string source)
        : this(new CacheLevel(l1, 8, 64), new CacheLevel(l2, 8, 64), new CacheLevel(l3, 16, 64), source)
    {
    }

    /// <summary>The caches the library reckons with. They are found at the first use and stay the same.</summary>
    public static CacheSizes Current { get; } = Configured(CpuIdCaches.Read() ?? LinuxCaches.Read() ?? s_assumed);

    /// <summary>Bytes of the first level.</summary>
    public long L1 => Level1.Size;

    /// <summary>Bytes of the second level, no fewer than of the first.</summary>
    public long L2 => Level2.Size;

    /// <summary>Bytes of the third level that one core may fill, no fewer than of the second.</summary>
    public long L3 => Level3.Size;

    /// <summary>Says in one sentence which sizes are used and why.</summary>
    /// <returns>For example <c>L1 48K 12-way, L2 1M 16-way, L3 32M 16-way (CPUID)</c>.</returns>
    public static string Explain()
    {
        string ignored = s_configured is null || TryParse(s_configured, out _)
            ? ""
            : $"; the configured sizes '{s_configured}' are not three in order from 4K to 1G, such as 32K,512K,32M, and are ignored";
        return Current + ignored;
    }

    /// <summary>What was told of the levels, with ordinary values in place of those that no machine has.</summary>
    /// <param name="level1">The first level. A size of zero: nothing was told.</param>
    /// <param name="level2">The second level. A size of zero: there is none.</param>
    /// <param name="level3">The third level. A size of zero: there is none.</param>
    /// <param name="source">Who told.</param>
    /// <returns>The caches in order of size, or <see langword="null"/> where there is no first level.</returns>
    public static CacheSizes? Create(CacheLevel level1, CacheLevel level2, CacheLevel level3, string source)
    {
        if (level1.Size == 0)
            return null;
        CacheLevel first = Plausible(level1, MinL1, MaxL1, s_assumed.Level1);
        CacheLevel second = level2.Size == 0 ? first : Plausible(level2, first.Size, MaxL2, s_assumed.Level2);
        CacheLevel third = level3.Size == 0 ? second : Plausible(level3, 1, MaxL3, s_assumed.Level3);
        bool isAssumed = first.Size != level1.Size || (level2.Size != 0 && second.Size != level2.Size)
            || (level3.Size != 0 && third.Size != level3.Size);
        // A third level that takes what the second drops may be smaller: then nothing is thought to live there.
        third = third.Size < second.Size ? second : third;
        return new CacheSizes(first, second, third, isAssumed ? $"{source}, in part assumed" : source);
    }

    /// <summary>Reads the sizes of three levels as the switch has them.</summary>
    /// <param name="text">The sizes with a comma between them, for example <c>32K,512K,32M</c>.</param>
    /// <param name="sizes">Bytes of each level, or zeros where the text is no such list.</param>
    /// <returns>Whether there are three, from 4 KB to 1 GB, none smaller than the one before it.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out (long L1, long L2, long L3) sizes)
    {
        string[] parts = text?.Split(',', StringSplitOptions.TrimEntries) ?? [];
        sizes = parts.Length == 3 ? (ParseSize(parts[0]), ParseSize(parts[1]), ParseSize(parts[2])) : default;
        if (sizes.L1 >= MinConfiguredL1 && sizes.L2 >= sizes.L1 && sizes.L3 >= sizes.L2 && sizes.L3 <= MaxL3)
            return true;
        sizes = default;
        return false;
    }

    /// <summary>Reads one size.</summary>
    /// <param name="text">The size, for example <c>48K</c>, <c>2M</c>, <c>1G</c> or plain digits.</param>
    /// <returns>Its bytes; 0 for anything else, and for more than can be counted.</returns>
    public static long ParseSize(string text)
    {
        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size <= long.MaxValue >> shift
            ? size << shift : 0;
    }

    /// <summary>The sizes and ways of the three levels, and where they were found.</summary>
    /// <returns>For example <c>L1 48K 12-way, L2 1M 16-way, L3 32M 16-way (CPUID)</c>.</returns>
    public override string ToString() => $"L1 {Describe(Level1)}, L2 {Describe(Level2)}, L3 {Describe(Level3)} ({Source})";

    private static CacheSizes Configured(CacheSizes found) => !TryParse(s_configured, out (long L1, long L2, long L3) sizes)
        ? found
        : new CacheSizes(
            Resized(found.Level1, sizes.L1),
            Resized(found.Level2, sizes.L2),
            Resized(found.Level3, sizes.L3),
            $"set by {(s_setting is null ? EnvironmentVariable : SwitchName)}");

    /// <summary>More or fewer ways of as many bytes: which addresses fall on one set depends on those.</summary>
    private static CacheLevel Resized(CacheLevel level, long size) =>
        level with { Size = size, Ways = (int)Math.Clamp(size * level.Ways / level.Size, 1, MaxWays) };

    private static CacheLevel Plausible(CacheLevel told, long minSize, long maxSize, CacheLevel assumed) => new(
        told.Size >= minSize && told.Size <= maxSize ? told.Size : assumed.Size,
        told.Ways is >= 1 and <= MaxWays ? told.Ways : assumed.Ways,
        told.LineSize is >= MinLineSize and <= MaxLineSize && BitOperations.IsPow2(told.LineSize) ? told.LineSize : assumed.LineSize);

    private static string Describe(CacheLevel level)
    {
        // The largest unit that divides the size: the text can be read back.
        int unit = level.Size == 0 ? 0 : Math.Min(BitOperations.TrailingZeroCount(level.Size) / 10, 3);
        string letter = unit switch { 0 => "", 1 => "K", 2 => "M", _ => "G" };
        return string.Create(CultureInfo.InvariantCulture, $"{level.Size >> (10 * unit)}{letter} {level.Ways}-way");
    }
}
