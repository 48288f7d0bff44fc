using Backprop.Benchmarks.Cases;

namespace Backprop.Benchmarks.Contenders;

/// <summary>One way to do the work of a case: the library at a vector width, the naive loop, another library.</summary>
internal interface IContender
{
    /// <summary>The name on the command line and in reports.</summary>
    string Name { get; }

    /// <summary>Why this process cannot run it at full speed, or null when it can.</summary>
    string? Unavailable { get; }

    /// <summary>Whether it spreads work over threads where the work allows it.</summary>
    bool Threaded => false;

    /// <summary>Binds the operands of <paramref name="problem"/>. Null when the contender has no such operation.</summary>
    BoundCall? Bind(KernelCase problem, int threads);
}
