using System.Runtime.CompilerServices;
using Backprop.Kernels;

namespace Backprop.Tests.Support;

/// <summary>The tests run the bodies that a long-lived program ends up with, from the first call on; <see cref="Kernels.FirstCallTests"/> has the
/// others.</summary>
internal static class CompiledAtOnce
{
    [ModuleInitializer]
    internal static void Set() => Bodies.CompileAtOnce = true;
}
