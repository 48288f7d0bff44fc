using System.Globalization;

namespace Backprop.Peers;

/// <summary>
/// Makes the constants of a shared library resident. A vector load whose lanes are all masked out does not fetch a page that no other load
/// has fetched: it goes through the processor's microcode, call after call, some 200 ns each. Whether the pages near those in use come
/// with them depends on the state of the file cache, so that LibTorch's sigmoid of 100,000 took 29 µs in one process and 1,270 in the next.
/// </summary>
internal static unsafe class ResidentLibrary
{
    private const string Maps = "/proc/self/maps";

    /// <summary>Reads a byte of every page of the loaded libraries whose names begin like this; without /proc of none.</summary>
    public static void Touch(string fileName)
    {
        if (!File.Exists(Maps))
            return;
        foreach (string line in File.ReadAllLines(Maps))
        {
            // START-END PERMISSIONS OFFSET DEVICE INODE PATH
            string[] fields = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (fields is [string range, ['r', ..], _, _, _, string path]
                && Path.GetFileName(path).StartsWith(fileName, StringComparison.Ordinal))
                Read(range);
        }
    }

    private static void Read(string range)
    {
        nint[] ends = [.. range.Split('-').Select(end => nint.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        for (nint page = ends[0]; page < ends[1]; page += Environment.SystemPageSize)
            Volatile.Read(ref *(byte*)page);
    }
}
