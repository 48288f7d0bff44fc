using System.Numerics.Tensors;
using System.Reflection;
using System.Runtime.Loader;
using Backprop.Benchmarks.Compare;
using Backprop.Benchmarks.Machine;
using Backprop.Kernels;

namespace Backprop.Benchmarks.Contenders;

/// <summary>A build of the library, this program's own or another, and the way to its public methods.</summary>
internal sealed class LibraryBuild(Assembly assembly)
{
    private const string Title = "Backprop", Option = "--with";

    /// <summary>The build that this program refers to.</summary>
    public static LibraryBuild Current { get; } = new(typeof(Kernel).Assembly);

    public string Version => MachineInfo.Version(assembly);

    /// <summary>
    /// Loads another build beside the one there is, even when it is the same file. What is not there or is not the library is an
    /// <see cref="InputException"/>.
    /// </summary>
    public static LibraryBuild Load(string path)
    {
        if (!File.Exists(path))
            throw Refuse(path, "no such file");
        Assembly assembly;
        try
        {
            assembly = new BuildContext().LoadFromAssemblyPath(Path.GetFullPath(path));
        }
        catch (Exception exception) when (exception is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw Refuse(path, $"cannot be loaded as an assembly ({exception.Message.Split('\n')[0].TrimEnd()})");
        }
        return assembly.GetType(typeof(Kernel).FullName!) is { IsPublic: true }
            ? new LibraryBuild(assembly)
            : throw Refuse(path, $"the assembly {assembly.GetName().Name} has no public type {typeof(Kernel).FullName}");
    }

    /// <summary>The public type of that name. It is a <see cref="MissingMemberException"/> when the build has none.</summary>
    public Type FindType(string name) =>
        assembly.GetType(name) is { IsPublic: true } type ? type : throw new MissingMemberException($"it has no public {name}");

    /// <summary>
    /// The address of a public method, for a managed function pointer. It is a <see cref="MissingMemberException"/> when the build has no
    /// method of that name and signature.
    /// </summary>
    /// <param name="type">The full name of the type that declares it.</param>
    /// <param name="method">Its name, <c>.ctor</c> for a constructor.</param>
    /// <param name="signature">
    /// The type of the function pointer: <c>this</c> comes first unless the method is static, a class of the build is an object, an
    /// enumeration is the integer behind it.
    /// </param>
    public nint Find(string type, string method, Type signature)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance;
        MethodBase? found = FindType(type).GetMember(method, MemberTypes.Method | MemberTypes.Constructor, Public).Cast<MethodBase>()
            .FirstOrDefault(candidate => Matches(candidate, signature));
        // the address stays valid: calls through it reach the code of the last tier when there is one
        return found?.MethodHandle.GetFunctionPointer()
            ?? throw new MissingMemberException($"it has no public {type}.{method.TrimStart('.')} with this build's parameters");
    }

    private bool Matches(MethodBase method, Type signature)
    {
        Type[] parameters = [.. method.GetParameters().Select(parameter => parameter.ParameterType)];
        Type[] actual = method.IsStatic ? parameters : [method.DeclaringType!, .. parameters];
        Type[] expected = signature.GetFunctionPointerParameterTypes();
        Type returned = method is MethodInfo { ReturnType: Type type } ? type : typeof(void);
        return actual.Length == expected.Length && actual.Zip(expected).All(pair => Fits(pair.First, pair.Second))
            && returned == signature.GetFunctionPointerReturnType();
    }

    private bool Fits(Type actual, Type expected) =>
        actual == expected
        || (actual.IsEnum && actual.GetEnumUnderlyingType() == expected)
        || (expected == typeof(object) && actual.IsClass && actual.Assembly == assembly);

    private static InputException Refuse(string path, string reason) =>
        new($"{Option} {path}: {reason}; expected the {Title}.dll of another build of the library");

    // both builds call the same TensorPrimitives, whatever version each was built with
    private sealed class BuildContext() : AssemblyLoadContext(Option)
    {
        private static readonly Assembly s_tensors = typeof(TensorPrimitives).Assembly;

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == s_tensors.GetName().Name ? s_tensors : null;
    }
}
