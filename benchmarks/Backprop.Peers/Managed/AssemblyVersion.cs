using System.Reflection;

namespace Backprop.Peers.Managed;

/// <summary>The version an assembly tells.</summary>
internal static class AssemblyVersion
{
    /// <summary>As its package has it, without the commit.</summary>
    public static string Of(Assembly assembly) =>
        (assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? $"{assembly.GetName().Version}")
            .Split('+')[0];
}
