using System.Globalization;

namespace Backprop.Simd;

/// <summary>The caches as Linux describes them, in a folder a cache and a file a figure.</summary>
internal static class LinuxCaches
{
    /// <summary>Where the caches of the first core are described.</summary>
    public const string DefaultFolder = "/sys/devices/system/cpu/cpu0/cache";

    /// <summary>Reads the files.</summary>
    /// <param name="folder">The folder with <c>index0</c>, <c>index1</c> and so on.</param>
    /// <returns>The caches, or <see langword="null"/> where the files are missing or name no data cache of the first level.</returns>
    public static CacheSizes? Read(string folder = DefaultFolder)
    {
        Span<CacheLevel> levels = stackalloc CacheLevel[4];
        for (int index = 0; index < 16; index++)
        {
            string cache = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"index{index}"));
            string type = ReadText(cache, "type");
            if (type.Length == 0)
                break;
            int level = ReadNumber(cache, "level");
            if (type is not ("Data" or "Unified") || level is < 1 or > 3)
                continue;
            // A cache that is there and does not tell its size is not missing: no machine has a negative size, an ordinary one is taken.
            const long Untold = -1;
            long size = CacheSizes.ParseSize(ReadText(cache, "size"));
            size = size == 0 ? Untold : size;
            if (levels[level].Size == 0 || size > levels[level].Size)
                levels[level] = new CacheLevel(size, ReadNumber(cache, "ways_of_associativity"), ReadNumber(cache, "coherency_line_size"));
        }
        return CacheSizes.Create(levels[1], levels[2], levels[3], "operating system");
    }

    private static int ReadNumber(string folder, string file) =>
        int.TryParse(ReadText(folder, file), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static string ReadText(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
