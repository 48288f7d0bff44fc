using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;

namespace Backprop.Simd;

/// <summary>What this processor and runtime offer, and which <see cref="SimdLevel"/> the library uses.</summary>
/// <remarks>
/// The choice never changes a result, only its speed. An operator caps it without touching the program through the runtime
/// setting <c>Backprop.SimdLevel</c> (<c>runtimeconfig.json</c>, an <see cref="AppContext"/> value) or, where that is absent, the
/// environment variable <c>BACKPROP_SIMD_LEVEL</c>; both take a name such as <c>v256</c>. A value that is no level's name is
/// ignored, and <see cref="Explain"/> says so.
/// </remarks>
public static class SimdSupport
{
    /// <summary>The name of the runtime setting that caps the level.</summary>
    public const string SwitchName = "Backprop.SimdLevel";

    /// <summary>The name of the environment variable that caps the level where the setting is absent.</summary>
    public const string EnvironmentVariable = "BACKPROP_SIMD_LEVEL";

    private static readonly string? s_configured =
        AppContext.GetData(SwitchName) as string ?? Environment.GetEnvironmentVariable(EnvironmentVariable);

    private static SimdLevel? s_cap = s_configured is not null && TryParse(s_configured, out SimdLevel level) ? level : null;

    private static SimdLevel s_current = Capped(s_cap);

    /// <summary>The widest level that is hardware accelerated in this process.</summary>
    public static SimdLevel Widest =>
        IsSupported(SimdLevel.V512) ? SimdLevel.V512
        : IsSupported(SimdLevel.V256) ? SimdLevel.V256
        : IsSupported(SimdLevel.V128) ? SimdLevel.V128
        : SimdLevel.Scalar;

    /// <summary>The widest level the library may use, or <see langword="null"/> for no cap.</summary>
    /// <remarks>
    /// Process-wide, and read by every kernel call that starts afterwards; calls under way finish at the level they began with.
    /// A cap above <see cref="Widest"/> has no effect. Set it at start-up: for a moment <see cref="Current"/> may still be the old one.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of <see cref="SimdLevel"/>.</exception>
    public static SimdLevel? Cap
    {
        get => s_cap;
        set
        {
            if (value is { } level && !Enum.IsDefined(level))
                throw new ArgumentOutOfRangeException(nameof(value), value, "Cap: expected a member of SimdLevel or null");
            s_cap = value;
            s_current = Capped(value);
        }
    }

    /// <summary>The level the library's kernels use now: the widest supported one, or <see cref="Cap"/> where that is narrower.</summary>
    public static SimdLevel Current => s_current;

    /// <summary>Whether a level is hardware accelerated in this process. <see cref="SimdLevel.Scalar"/> always is.</summary>
    /// <remarks>An unsupported level still computes the same bits, in software, many times slower.</remarks>
    /// <param name="level">The level asked about.</param>
    /// <returns><see langword="true"/> where the runtime compiles the level's vectors to single instructions.</returns>
    public static bool IsSupported(SimdLevel level) => level switch
    {
        SimdLevel.Scalar => true,
        SimdLevel.V128 => Vector128.IsHardwareAccelerated,
        SimdLevel.V256 => Vector256.IsHardwareAccelerated,
        SimdLevel.V512 => Vector512.IsHardwareAccelerated,
        _ => false,
    };

    /// <summary>Says in one sentence which level is used and why.</summary>
    /// <returns>For example <c>v256: the widest level this processor and runtime support is v512, and the cap is v256</c>.</returns>
    public static string Explain()
    {
        string current = $"{Current.ToName()}: ";
        string widest = $"the widest level this processor and runtime support is {Widest.ToName()}";
        string cap = s_cap is { } level ? $", and the cap is {level.ToName()}" : "";
        string ignored = s_configured is null || TryParse(s_configured, out _)
            ? ""
            : $"; the configured cap '{s_configured}' is none of scalar, v128, v256, v512 and is ignored";
        return current + widest + cap + ignored;
    }

    /// <summary>The name of a level on the command line and in reports.</summary>
    /// <param name="level">The level.</param>
    /// <returns><c>scalar</c>, <c>v128</c>, <c>v256</c> or <c>v512</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of <see cref="SimdLevel"/>.</exception>
    public static string ToName(this SimdLevel level) => level switch
    {
        SimdLevel.Scalar => "scalar",
        SimdLevel.V128 => "v128",
        SimdLevel.V256 => "v256",
        SimdLevel.V512 => "v512",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "level: expected a member of SimdLevel"),
    };

    /// <summary>Reads a level's name, in any case.</summary>
    /// <param name="name">The name, for example <c>v256</c>.</param>
    /// <param name="level">The level, or <see cref="SimdLevel.Scalar"/> where the name is none.</param>
    /// <returns>Whether <paramref name="name"/> names a level.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out SimdLevel level)
    {
        foreach (SimdLevel candidate in Enum.GetValues<SimdLevel>())
        {
            if (string.Equals(candidate.ToName(), name, StringComparison.OrdinalIgnoreCase))
            {
                level = candidate;
                return true;
            }
        }
        level = SimdLevel.Scalar;
        return false;
    }

    private static SimdLevel Capped(SimdLevel? cap) => cap < Widest ? cap.Value : Widest;
}
