using System.Reflection;
using System.Reflection.Emit;

namespace Backprop.Tests.Architecture;

/// <summary>Declared a type refers to: in its fields, in the signatures of its methods, and in their bodies.</summary>
internal static class CodeReferences
{
    public const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private const int TwoByteOpCodes = 0xFE;

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => (int)(ushort)code.Value);

    public static IEnumerable<Type> TypesOf(Type type) =>
        SignatureTypes(type).Concat(MembersUsedBy(type).SelectMany(TypesOfMember)).SelectMany(Parts).Distinct();

    /// <summary>The methods, fields and types that the bodies of the type's methods name.</summary>
    public static IEnumerable<MemberInfo> MembersUsedBy(Type type) => Methods(type).SelectMany(MembersUsedBy);

    private static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMethods(Declared).Cast<MethodBase>().Concat(type.GetConstructors(Declared));

    private static IEnumerable<Type> SignatureTypes(Type type)
    {
        IEnumerable<Type> types = [.. type.GetInterfaces(), .. type.GetFields(Declared).Select(field => field.FieldType)];
        if (type.BaseType is { } baseType)
            types = types.Append(baseType);
        foreach (MethodBase method in Methods(type))
        {
            types = types.Concat(TypesOfMember(method));
            types = types.Concat(method.GetMethodBody()?.LocalVariables.Select(local => local.LocalType) ?? []);
        }
        return types;
    }

    private static IEnumerable<Type> TypesOfMember(MemberInfo member)
    {
        IEnumerable<Type> types = member switch
        {
            Type type => [type],
            FieldInfo field => [field.FieldType],
            MethodInfo method => [method.ReturnType, .. method.GetGenericArguments(), .. ParameterTypes(method)],
            MethodBase method => ParameterTypes(method),
            _ => [],
        };
        return member.DeclaringType is { } declaring ? types.Append(declaring) : types;
    }

    private static IEnumerable<Type> ParameterTypes(MethodBase method) =>
        method.GetParameters().Select(parameter => parameter.ParameterType);

    /// <summary>The type itself, what it is made of, and the arguments of a generic one.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        if (type.IsFunctionPointer)
            return type.GetFunctionPointerParameterTypes().Append(type.GetFunctionPointerReturnType()).SelectMany(Parts);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
    }

    private static IEnumerable<MemberInfo> MembersUsedBy(MethodBase method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        Type[] typeArguments = method.DeclaringType!.GetGenericArguments();
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int position = 0; position < code.Length;)
        {
            OpCode operation = ReadOpCode(code, ref position);
            if (NamesMember(operation.OperandType))
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, position), typeArguments, methodArguments)!;
            position += OperandSize(operation.OperandType, code, position);
        }
    }

    private static bool NamesMember(OperandType type) =>
        type is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok;

    private static OpCode ReadOpCode(byte[] code, ref int position)
    {
        int value = code[position++];
        return OpCodesByValue[value == TwoByteOpCodes ? (value << 8) | code[position++] : value];
    }

    private static int OperandSize(OperandType type, byte[] code, int position) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, position),
        _ => 4,
    };
}
