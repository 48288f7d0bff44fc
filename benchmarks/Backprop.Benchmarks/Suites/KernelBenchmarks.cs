using System.Reflection;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;

namespace Backprop.Benchmarks.Suites;

/// <summary>What all benchmark classes share: the level as a parameter, and the same cases and contenders as <c>compare</c>.</summary>
// AssemblyBenchmarks has the disassembly
[MemoryDiagnoser]
public abstract class KernelBenchmarks
{
    private Action? _run;

    [ParamsSource(nameof(Levels))]
    public string Level { get; set; } = ContenderList.Baseline;

    /// <summary>The names of the levels this machine has.</summary>
    public static IEnumerable<string> Levels => ContenderList.Select([]).Select(contender => contender.Name);

    /// <summary>
    /// Whether the contender that a case names has the operation at all; true where a class names none. Asked of a small case: a large
    /// one has large operands.
    /// </summary>
    internal static bool Exists(BenchmarkCase benchmark)
    {
        if (KernelShapeAttribute.Of(benchmark) is not string shape || benchmark.Parameters[nameof(Level)] is not string level)
            return true;
        IContender? contender = ContenderList.All.FirstOrDefault(contender => contender.Name == level);
        return contender?.Bind(ShapeParser.Parse(shape).CreateWarmUp(), threads: 1) is not null;
    }

    /// <summary>
    /// Binds the method of the given name, checks its results once, and makes sure that the process runs what its job says.
    /// </summary>
    protected void SetUp(string method)
    {
        InstructionSet.VerifyProcess();
        KernelCase problem = ShapeParser.Parse(Shape(method));
        BoundCall call = ContenderList.All.First(contender => contender.Name == Level).Bind(problem, threads: 1)
            ?? throw new NotSupportedException($"{Level} has no {problem.Kernel}");
        problem.Reset();
        call.Run();
        call.Publish?.Invoke();
        if (problem.Check() is string difference)
            throw new InvalidOperationException($"{problem.Kernel} {problem.Shape} at level {Level} is wrong: {difference}");
        _run = call.Run;
    }

    /// <summary>One call of what was bound.</summary>
    protected void Run() => _run!();

    private string Shape(string method)
    {
        KernelShapeAttribute attribute = GetType().GetMethod(method)?.GetCustomAttribute<KernelShapeAttribute>()
            ?? throw new InvalidOperationException($"{method} has no shape");
        return attribute.Fill(GetType().GetProperties()
            .Where(property => property.GetCustomAttribute<ParamsAttribute>() is not null)
            .Select(property => KeyValuePair.Create(property.Name, property.GetValue(this))));
    }
}
