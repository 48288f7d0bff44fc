using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Backprop.Cli.Output;
using Backprop.Kernels;
using Backprop.Simd;

namespace Backprop.Cli.Commands;

/// <summary>A product of <c>info --plan</c>, its operands dense and its factors 1 and 0.</summary>
/// <param name="Text">As it was written, <c>KIND:SHAPE[:OPTION]</c>, the kinds of the benchmarks.</param>
/// <param name="Shape">What the plan is made from.</param>
/// <param name="HasThreads">Whether it may be divided among threads.</param>
internal sealed record ProductPlan(string Text, GemmShape Shape, bool HasThreads)
{
    private const string Forms = "gemm:MxNxK[:nn|nt|tn|tt] or gemv:MxN:n|t";

    internal static Option<ProductPlan[]> Option() =>
        new("--plan")
        {
            Description = "How a product is made: its route, blocks, copies and prefetching, in a line. A gemm without an option is nn.",
            HelpName = "KIND:SHAPE[:OPTION]",
            CustomParser = result =>
            {
                List<ProductPlan> products = [];
                foreach (Token token in result.Tokens)
                {
                    if (Parse(token.Value) is { } product)
                        products.Add(product);
                    else
                        result.AddError($"--plan: '{token.Value}': expected {Forms}, sizes from 1 to {int.MaxValue}");
                }
                return [.. products];
            },
        };

    /// <summary>The plan on this machine, for up to so many threads.</summary>
    internal (string Line, ProductReport Report) Report(int threads)
    {
        SimdLevel level = SimdSupport.Current;
        TileShape tile = TileShape.Of(level);
        GemmPlan plan = GemmPlan.Create(Shape, tile, CacheSizes.Current);
        GemmDivision division = GemmDivision.Create(Shape, tile, HasThreads ? threads : 1);
        string line = string.Create(
            CultureInfo.InvariantCulture, $"{Text}: {level.ToName()}, tile {tile.Rows} × {tile.Columns}; {CacheSizes.Current}; {plan}; {division}");
        PlanReport report = new(
            plan.Route.ToString(), plan.Rows, plan.Columns, plan.Depth, plan.PackA.ToString(), plan.PackB.ToString(), plan.PrefetchesB,
            plan.PrefetchesC, division.Parts, division.ByColumns);
        return (line, new ProductReport(Text, level.ToName(), tile.Rows, tile.Columns, report));
    }

    /// <summary>Reads a product; null where it is none.</summary>
    private static ProductPlan? Parse(string text)
    {
        string[] parts = text.Split(':');
        int[] sizes = parts.Length < 2 ? [] : Array.ConvertAll(
            parts[1].Split('x'), word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0);
        if (Array.IndexOf(sizes, 0) >= 0)
            return null;
        string option = parts.Length switch { 2 => "nn", 3 => parts[2], _ => "" };
        return (parts[0], sizes.Length, option) switch
        {
            ("gemm", 3, "nn" or "nt" or "tn" or "tt") =>
                new(text, GemmShape.Dense(sizes[0], sizes[1], sizes[2], option[0] == 't', option[1] == 't'), HasThreads: true),
            // y is a row of C: of x Aᵀ, or of x A
            ("gemv", 2, "n") => new(text, GemmShape.Dense(1, sizes[0], sizes[1], false, true), HasThreads: false),
            ("gemv", 2, "t") => new(text, GemmShape.Dense(1, sizes[1], sizes[0], false, false), HasThreads: false),
            _ => null,
        };
    }
}
