using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Backprop.Cli.Output;
using Backprop.Networks;
using Backprop.Simd;

namespace Backprop.Cli.Commands;

/// <summary><c>backprop info</c>: this computer, its caches, the vector levels it has, and the one the library uses; or how a product is made
/// here.</summary>
internal static class InfoCommand
{
    internal static Command Create(CommandContext context)
    {
        Option<bool> json = Options.Json("Print one JSON object instead.");
        Option<ProductPlan[]> plans = ProductPlan.Option();
        Option<int> threads = Options.WholeNumber("--threads", "The most threads that a product of --plan may use.", 1, 1, 256);
        Command command = new("info", "Show the CPU, its caches, its vector levels, and which one the library uses and why.")
        {
            json, plans, threads,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(plans) is { Length: > 0 } products)
            {
                foreach ((string line, ProductReport product) in products.Select(product => product.Report(parsed.GetValue(threads))))
                {
                    if (parsed.GetValue(json))
                        Reports.Write(product, context.Output);
                    else
                        context.Output.WriteLine(line);
                }
                return ExitCode.Success;
            }
            InfoReport report = Collect();
            if (parsed.GetValue(json))
                Reports.Write(report, context.Output);
            else
                Print(report, context.Output);
            return ExitCode.Success;
        });
        command.AddHelp("""
            Levels: scalar (one float at a time), v128, v256, v512 (vectors of that many bits). Results are the same bits with each.
            BACKPROP_SIMD_LEVEL=LEVEL in the environment, or the runtime setting Backprop.SimdLevel, caps the level.
            BACKPROP_CACHES=L1,L2,L3 in the environment, or the runtime setting Backprop.Caches, sets the sizes of the caches that the
            library reckons with, for instance 32K,512K,32M; results are the same bits with any.

            --plan prints how the library makes a product on this machine, with the level in use and its register tile; --threads says how
            many threads may share it. Kinds are gemm (C = A B, M×N×K; t for an operand that is stored transposed) and gemv (A x or Aᵀ x).

            Examples:
              backprop info
              backprop info --plan gemm:512x1024x1024:tn --threads 4
              BACKPROP_SIMD_LEVEL=v128 backprop info --json
              BACKPROP_CACHES=48K,2M,64M backprop info
            """);
        return command;
    }

    private static InfoReport Collect() => new(
        Version(),
        Machine.CpuName(),
        Environment.ProcessorCount,
        Enum.GetValues<SimdLevel>().ToDictionary(level => level.ToName(), SimdSupport.IsSupported),
        SimdSupport.Current.ToName(),
        SimdSupport.Explain(),
        new(CacheSizes.Current.L1, CacheSizes.Current.L2, CacheSizes.Current.L3, CacheSizes.Explain()),
        Machine.Switches(),
        RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription,
        RuntimeInformation.ProcessArchitecture.ToString());

    private static string Version() =>
        typeof(Network).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static void Print(InfoReport report, TextWriter writer)
    {
        WriteLine(writer, "Backprop", report.Version);
        WriteLine(writer, "CPU", $"{report.Cpu}, {Format.Plural(report.LogicalProcessors, "logical processor")}");
        WriteLine(writer, "levels", Join(report.Levels.Select(level => level.Key + (level.Value ? "" : " (not accelerated)"))));
        WriteLine(writer, "uses", report.Why);
        WriteLine(writer, "caches", report.Caches.Why);
        WriteLine(writer, "switches", Join(report.Switches.Select(pair => $"{pair.Key}={pair.Value}").DefaultIfEmpty("none")));
        WriteLine(writer, "runtime", $"{report.Runtime}, {report.Architecture}");
        WriteLine(writer, "system", report.Os);
    }

    private static string Join(IEnumerable<string> values) => string.Join(", ", values);

    private static void WriteLine(TextWriter writer, string name, string value) => writer.WriteLine(name.PadRight(10) + value);
}
