using System.Reflection;
using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;

namespace Backprop.Peers.Managed;

/// <summary>
/// The vector routines that ML.NET trains with. They are internal to it and are reached as delegates; products are composed of them as
/// ML.NET's own linear learners do.
/// </summary>
internal sealed class CpuMathPeer : IPeer
{
    private const string AssemblyName = "Microsoft.ML.CpuMath", TypeName = "Microsoft.ML.Internal.CpuMath.CpuMathUtils";

    private static readonly Lazy<Routines?> s_routines = new(Find);

    private delegate float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int count);

    // destination ← destination + factor · source
    private delegate void AddScale(float factor, ReadOnlySpan<float> source, Span<float> destination, int count);

    public string Name => "cpumath";

    public string? Unavailable => s_routines.Value is null ? $"this version of {AssemblyName} has other routines" : null;

    public PeerReport Describe(int threads) => new(Name, AssemblyVersion.Of(Assembly.Load(AssemblyName)), 1, "");

    public BoundCall? Bind(KernelCase problem, int threads)
    {
        Routines routines = s_routines.Value ?? throw new InvalidOperationException($"{Name} is not there");
        return problem switch
        {
            GemvCase { Transpose: false } c => new(() => Multiply(c, routines.Dot)),
            GemvCase c => new(() => MultiplyTransposed(c, routines.AddScale)),
            GerCase c => new(() => Update(c, routines.AddScale)),
            _ => null,
        };
    }

    private static Routines? Find()
    {
        Type? type = Assembly.Load(AssemblyName).GetType(TypeName);
        return Create<Dot>(type, "DotProductDense") is Dot dot && Create<AddScale>(type, "AddScale") is AddScale addScale
            ? new Routines(dot, addScale)
            : null;
    }

    private static TDelegate? Create<TDelegate>(Type? type, string method) where TDelegate : Delegate
    {
        Type[] parameters = [.. typeof(TDelegate).GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];
        return type?.GetMethod(method, parameters)?.CreateDelegate<TDelegate>();
    }

    private static void Multiply(GemvCase c, Dot dot)
    {
        Span<float> y = c.Y;
        for (int i = 0; i < y.Length; i++)
            y[i] = dot(c.A.AsSpan(i * c.N, c.N), c.X, c.N);
    }

    private static void MultiplyTransposed(GemvCase c, AddScale addScale)
    {
        Span<float> x = c.X;
        c.Y.Fill(0);
        for (int i = 0; i < x.Length; i++)
            addScale(x[i], c.A.AsSpan(i * c.N, c.N), c.Y, c.N);
    }

    private static void Update(GerCase c, AddScale addScale)
    {
        Span<float> x = c.X;
        for (int i = 0; i < x.Length; i++)
            addScale(GerCase.Alpha * x[i], c.Y, c.A.AsSpan(i * c.N, c.N), c.N);
    }

    private sealed record Routines(Dot Dot, AddScale AddScale);
}
