using Xunit;

namespace Backprop.Tests.Support;

/// <summary>Tests that set the cap of the vector width, which the whole process shares: one at a time, and nothing beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class ProcessWideCap
{
    public const string Name = "Cap of the vector width";
}
