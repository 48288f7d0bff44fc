using System.Reflection;
using Backprop.Kernels;
using Backprop.Simd;
using Xunit;

namespace Backprop.Tests.Architecture;

public class LayerTests
{
    // Each knows only those before it.
    private static readonly string[] Layers = ["Simd", "Kernels", "Networks", "Data", "Training", "Formats"];

    // What rounds exactly as IEEE 754 says, or only moves bits. Everything else in these classes may differ between platforms.
    private static readonly string[] ExactFunctions =
    [
        "Abs", "BitDecrement", "BitIncrement", "BigMul", "Ceiling", "Clamp", "CopySign", "DivRem", "Floor", "FusedMultiplyAdd",
        "IEEERemainder", "ILogB", "Max", "MaxMagnitude", "Min", "MinMagnitude", "Round", "ScaleB", "Sign", "Sqrt", "Truncate",
    ];

    // Exact element by element; sums, norms and exponentials add up in an order of their own.
    private static readonly string[] ExactTensorFunctions = ["Add", "Subtract", "Multiply", "Max", "IndexOfMax", "IsFiniteAll"];

    // Compares in double and only reports: the platform's functions are what makes it an oracle.
    private static readonly string[] GradientCheckInDouble = ["GradientCheck", "DoubleModel", "FloatErrorBound"];

    private static readonly Assembly Library = typeof(Kernel).Assembly;

    [Fact]
    public void Each_layer_knows_only_those_before_it()
    {
        IEnumerable<string> violations = from type in Library.GetTypes()
                                         let layer = LayerOf(type)
                                         where layer >= 0
                                         from used in CodeReferences.TypesOf(type)
                                         where used.Assembly == Library && LayerOf(used) > layer
                                         select $"{type} uses {used}";
        Assert.Empty(violations.Distinct());
    }

    [Fact]
    public void Every_type_belongs_to_a_layer() =>
        Assert.All(Library.GetTypes().Where(type => type.Namespace?.StartsWith("Backprop", StringComparison.Ordinal) == true), type =>
            Assert.True(LayerOf(type) >= 0, $"{type}"));

    [Fact]
    public void References_are_seen_in_signatures_and_bodies()
    {
        Assert.Contains(typeof(SimdLevel), CodeReferences.TypesOf(typeof(Kernel)));
        Assert.Contains(typeof(SimdSupport), CodeReferences.TypesOf(typeof(Kernel)));
        Assert.DoesNotContain(typeof(Kernel), CodeReferences.TypesOf(typeof(SimdSupport)));
        Assert.Contains(CodeReferences.MembersUsedBy(typeof(Kernel)), member => member.DeclaringType == typeof(SimdDispatch));
    }

    [Fact]
    public void The_library_needs_nothing_but_the_framework() =>
        Assert.All(Library.GetReferencedAssemblies(), reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    [Fact]
    public void The_library_calls_no_native_code() =>
        Assert.DoesNotContain(Library.GetTypes().SelectMany(type => type.GetMethods(CodeReferences.Declared)), method =>
            method.Attributes.HasFlag(MethodAttributes.PinvokeImpl));

    [Fact]
    public void The_public_surface_has_no_pointers()
    {
        IEnumerable<MethodBase> methods = Library.GetExportedTypes().SelectMany(type => type.GetMembers()).OfType<MethodBase>();
        Assert.DoesNotContain(methods, method => method.GetParameters().Any(parameter => IsPointer(parameter.ParameterType))
            || (method is MethodInfo { ReturnType: var returned } && IsPointer(returned)));
    }

    /// <summary>The promise of equal bits everywhere.</summary>
    [Fact]
    public void No_result_rests_on_a_function_the_platform_may_choose()
    {
        IEnumerable<string> violations = from type in Library.GetTypes()
                                         where !GradientCheckInDouble.Any(name => type.FullName!.Contains(name, StringComparison.Ordinal))
                                         from member in CodeReferences.MembersUsedBy(type)
                                         where IsPlatformDependent(member)
                                         select $"{type} calls {member.DeclaringType!.Name}.{member.Name}";
        Assert.Empty(violations.Distinct());
    }

    private static bool IsPlatformDependent(MemberInfo member) => member is MethodBase && member.DeclaringType?.FullName switch
    {
        "System.Math" or "System.MathF" => !ExactFunctions.Contains(member.Name),
        "System.Numerics.Tensors.TensorPrimitives" => !ExactTensorFunctions.Contains(member.Name),
        "System.Random" => true,
        "System.Single" or "System.Double" => member.Name is "Exp" or "Log" or "Pow" or "Sin" or "Cos" or "Tan" or "Tanh",
        _ => member.Name.EndsWith("Estimate", StringComparison.Ordinal),
    };

    private static bool IsPointer(Type type) =>
        type.IsPointer || type.IsFunctionPointer || (type.HasElementType && IsPointer(type.GetElementType()!));

    private static int LayerOf(Type type) =>
        type.Namespace?.Split('.') is ["Backprop", var layer, ..] ? Array.IndexOf(Layers, layer) : -1;
}
