using System.Reflection;
using System.Runtime.Loader;

namespace Backprop.Tests.Support;

/// <summary>The library a second time in this process, so that its static fields are set up anew.</summary>
internal static class FreshLibrary
{
    /// <summary>
    /// Loads the copy and uses it while a setting and an environment variable have the given values, which is seen by the whole process:
    /// only for tests of <see cref="ProcessWide"/>.
    /// </summary>
    /// <returns>The copy's type of the same name as <paramref name="type"/>.</returns>
    public static Type Load(
        Type type, string switchName, string? setting, string variableName, string? environment, Action<Type> firstUse)
    {
        AssemblyLoadContext context = new("settings", isCollectible: true);
        Assembly copy = context.LoadFromAssemblyPath(type.Assembly.Location);
        Type fresh = copy.GetType(type.FullName!, throwOnError: true)!;
        string? environmentBefore = Environment.GetEnvironmentVariable(variableName);
        object? settingBefore = AppContext.GetData(switchName);
        try
        {
            Environment.SetEnvironmentVariable(variableName, environment);
            AppContext.SetData(switchName, setting);
            firstUse(fresh);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variableName, environmentBefore);
            AppContext.SetData(switchName, settingBefore);
        }
        return fresh;
    }
}
