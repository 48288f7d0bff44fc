namespace Backprop.Benchmarks.Cases;

/// <summary>
/// One operation at one shape: its operands, what it costs and what it has to give.
/// A case is light until an operand is asked for; every contender works on the same operands.
/// </summary>
internal abstract class KernelCase
{
    /// <summary>The kernel with its option after a dash, as reports name it: <c>gemm-nt</c>.</summary>
    public abstract string Kernel { get; }

    /// <summary>The shape as reports name it: <c>128x512x784</c>.</summary>
    public abstract string Shape { get; }

    /// <summary>Floating-point operations of one call, a multiply-add counted as two; <see cref="FunctionCost"/> has the rule.</summary>
    public abstract double Flops { get; }

    /// <summary>Bytes one call has to move at least: every input read once, every output written once.</summary>
    public abstract double Bytes { get; }

    /// <summary>Those of <see cref="Bytes"/> that are written.</summary>
    public abstract double BytesWritten { get; }

    /// <summary>Bytes that live in a cache while the call is repeated.</summary>
    public virtual double WorkingSet => Bytes;

    /// <summary>Bytes the case allocates, with the copies the contenders and the check need.</summary>
    public virtual double MemoryBytes => WorkingSet;

    /// <summary>The most elements one of its arrays has.</summary>
    public abstract double LargestArray { get; }

    /// <summary>Whether it is measured on several threads; what the library spreads only when it is large is not.</summary>
    public virtual bool Threaded => false;

    /// <summary>What a call leaves, by name: all that <see cref="Check"/> looks at.</summary>
    public abstract IReadOnlyList<NamedResult> Results { get; }

    /// <summary>A small case of the same kernel: its calls are short enough that the last compilation tier is reached soon.</summary>
    public abstract KernelCase CreateWarmUp();

    /// <summary>Puts operands back to their initial values and results to NaN, so that a call that does nothing is found out.</summary>
    public abstract void Reset();

    /// <summary>Compares the results with a naive reference in double precision. Returns null when right, else what is wrong.</summary>
    public abstract string? Check();
}
