using System.Buffers;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Backprop.Tests.Support;

/// <summary>
/// Memory between two pages that fault (Linux): whatever reads or writes one element before the first or after the last byte
/// ends the process. <see cref="First"/> and <see cref="Last"/> are flush against one of the two pages.
/// </summary>
internal sealed unsafe partial class GuardedRegion<T> : MemoryManager<T>
    where T : unmanaged
{
    private const int ReadAndWrite = 3;
    private const int PrivateAndAnonymous = 0x22;

    private readonly nuint _mappedBytes;
    private readonly nint _mapping;
    private readonly int _length;

    public GuardedRegion(int minimumLength)
    {
        int page = Environment.SystemPageSize;
        int pages = Math.Max(1, (minimumLength * Unsafe.SizeOf<T>() + page - 1) / page);
        _length = pages * page / Unsafe.SizeOf<T>();
        _mappedBytes = (nuint)((pages + 2) * page);
        _mapping = NativeMethods.Map(0, _mappedBytes, 0, PrivateAndAnonymous, -1, 0);
        if (_mapping == -1)
            throw new Win32Exception();
        if (NativeMethods.Protect(_mapping + page, (nuint)(pages * page), ReadAndWrite) != 0)
            throw new Win32Exception();
    }

    public const string Prerequisite = "needs Linux: mmap and mprotect place a page that faults at each end of the operands";

    public Memory<T> First(int length) => Memory[..length];

    public Memory<T> Last(int length) => Memory[(_length - length)..];

    public override Span<T> GetSpan() => new((void*)(_mapping + Environment.SystemPageSize), _length);

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() => throw new NotSupportedException();

    protected override void Dispose(bool disposing) => _ = NativeMethods.Unmap(_mapping, _mappedBytes);
}

internal static partial class NativeMethods
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport(Library, EntryPoint = "mprotect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport(Library, EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Unmap(nint address, nuint length);

    /// <summary>Reads a string at the address inside the kernel: EFAULT instead of a crash when the page may not be read.</summary>
    [LibraryImport(Library, EntryPoint = "access", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Access(nint path, int mode);
}
