using System.Runtime.InteropServices;

namespace Backprop.Kernels;

/// <summary>A number that the runtime knows when it compiles: what a register tile's size is written with. The type's size is the number
/// as well: <c>sizeof</c> is a constant already while the JIT reads a method, and what it excludes costs nothing.</summary>
internal interface ICount
{
    /// <summary>The number.</summary>
    static abstract int Value { get; }
}

internal readonly struct N1 : ICount
{
    public static int Value => 1;
}

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct N2 : ICount
{
    public static int Value => 2;
}

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct N3 : ICount
{
    public static int Value => 3;
}

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct N4 : ICount
{
    public static int Value => 4;
}

[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct N5 : ICount
{
    public static int Value => 5;
}

[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct N6 : ICount
{
    public static int Value => 6;
}

[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct N7 : ICount
{
    public static int Value => 7;
}

[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct N8 : ICount
{
    public static int Value => 8;
}

[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct N9 : ICount
{
    public static int Value => 9;
}

[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct N10 : ICount
{
    public static int Value => 10;
}

[StructLayout(LayoutKind.Sequential, Size = 11)]
internal readonly struct N11 : ICount
{
    public static int Value => 11;
}

[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct N12 : ICount
{
    public static int Value => 12;
}
