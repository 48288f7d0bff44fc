namespace Backprop.Benchmarks.Contenders;

/// <summary>
/// One call with its operands. <see cref="Publish"/> copies what the contender keeps to itself, such as updated parameters,
/// into the results of the case, where they are checked.
/// </summary>
internal sealed record BoundCall(Action Run, Action? Publish = null);
