using System.Reflection;
using BenchmarkDotNet.Running;

namespace Backprop.Benchmarks.Suites;

/// <summary>The shape a benchmark method runs, as on the command line; <c>{Name}</c> stands for the parameter of that name.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelShapeAttribute(string template) : Attribute
{
    public string Template => template;

    /// <summary>The shape of a BenchmarkDotNet case, or null for a method without one.</summary>
    internal static string? Of(BenchmarkCase benchmark) => benchmark.Descriptor.WorkloadMethod.GetCustomAttribute<KernelShapeAttribute>()
        ?.Fill(benchmark.Parameters.Items.Select(item => KeyValuePair.Create(item.Name, (object?)item.Value)));

    /// <summary>The template with every parameter filled in.</summary>
    public string Fill(IEnumerable<KeyValuePair<string, object?>> parameters)
    {
        string shape = Template;
        foreach ((string name, object? value) in parameters)
            shape = shape.Replace($"{{{name}}}", FormattableString.Invariant($"{value}"), StringComparison.Ordinal);
        return shape;
    }
}
