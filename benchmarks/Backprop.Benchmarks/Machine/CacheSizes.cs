using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace Backprop.Benchmarks.Machine;

/// <summary>Data cache sizes of one core in bytes, and where they were read. L3 is what one core may fill; it may be shared.</summary>
internal sealed record CacheSizes(long L1, long L2, long L3, string Source)
{
    // ordinary for desktop and server cores of the last ten years; used where the machine does not tell
    private static readonly CacheSizes s_assumed = new(32 << 10, 1 << 20, 32 << 20, "assumed");

    // L2 and L3; L1 is in the leaf before it
    private const int OldAmdLeaf = unchecked((int)0x80000006);

    private const string LinuxFolder = "/sys/devices/system/cpu/cpu0/cache";

    public static CacheSizes Read() => FromFolder(LinuxFolder) ?? FromCpuId() ?? s_assumed;

    /// <summary>Reads the files that Linux describes the caches of a core in. Null where they are missing or say nothing of use.</summary>
    public static CacheSizes? FromFolder(string folder)
    {
        if (!Directory.Exists(folder))
            return null;
        long[] sizes = new long[4];
        foreach (string index in Directory.EnumerateDirectories(folder, "index*"))
        {
            if (ReadText(index, "type") is "Data" or "Unified"
                && int.TryParse(ReadText(index, "level"), CultureInfo.InvariantCulture, out int level) && level is >= 1 and <= 3)
            {
                sizes[level] = Math.Max(sizes[level], ParseSize(ReadText(index, "size")));
            }
        }
        return Create(sizes, "operating system");
    }

    /// <summary>Bytes of <c>48K</c>, <c>2M</c> or plain digits; 0 for anything else.</summary>
    public static long ParseSize(string text)
    {
        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        string digits = shift == 0 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long size) ? size << shift : 0;
    }

    private static string ReadText(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // the processor's own description of its caches: one sub-leaf a cache, in the same format at Intel and AMD
    private static CacheSizes? FromCpuId()
    {
        if (!X86Base.IsSupported)
            return null;
        const int IntelLeaf = 4, AmdLeaf = unchecked((int)0x8000001D), LargestLeaf = unchecked((int)0x80000000);
        uint largest = (uint)X86Base.CpuId(LargestLeaf, 0).Eax;
        return FromLeaf(IntelLeaf)
            ?? (largest >= unchecked((uint)AmdLeaf) ? FromLeaf(AmdLeaf) : null)
            ?? (largest >= unchecked((uint)OldAmdLeaf) ? FromOldAmdLeaves() : null);
    }

    private static CacheSizes? FromLeaf(int leaf)
    {
        long[] sizes = new long[4];
        for (int index = 0; index < 16; index++)
        {
            (int eax, int ebx, int ecx, _) = X86Base.CpuId(leaf, index);
            int type = eax & 31, level = (eax >> 5) & 7;
            if (type == 0)
                break;
            const int Data = 1, Unified = 3;
            if (type is not (Data or Unified) || level is < 1 or > 3)
                continue;
            long ways = ((ebx >> 22) & 0x3FF) + 1, partitions = ((ebx >> 12) & 0x3FF) + 1, lineSize = (ebx & 0xFFF) + 1;
            sizes[level] = Math.Max(sizes[level], ways * partitions * lineSize * ((uint)ecx + 1L));
        }
        return Create(sizes, "CPUID");
    }

    // what virtual machines still tell when they hide the leaf above. L3 is that of the whole package there: a core fills no more than
    // the part of its own complex, 32 MiB on most
    private static CacheSizes? FromOldAmdLeaves()
    {
        const long LargestPart = 32 << 20;
        int l1 = X86Base.CpuId(OldAmdLeaf - 1, 0).Ecx;
        (_, _, int l2, int l3) = X86Base.CpuId(OldAmdLeaf, 0);
        long[] sizes = [0, (long)((uint)l1 >> 24) << 10, (long)((uint)l2 >> 16) << 10, Math.Min((long)((uint)l3 >> 18) << 19, LargestPart)];
        return Create(sizes, "CPUID, at most 32 MiB of the package's L3");
    }

    // a level that is missing is taken as no larger than the one before it, so that nothing is thought to live there
    private static CacheSizes? Create(long[] sizes, string source)
    {
        if (sizes[1] == 0)
            return null;
        long l2 = Math.Max(sizes[1], sizes[2]);
        return new CacheSizes(sizes[1], l2, Math.Max(l2, sizes[3]), source);
    }
}
