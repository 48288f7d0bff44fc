using Xunit;

namespace Backprop.Tests.Support;

/// <summary>
/// Tests of what the whole process shares, the cap of the vector width and the library's threads: one at a time, and nothing beside
/// them.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class ProcessWide
{
    public const string Name = "What the process shares";
}
