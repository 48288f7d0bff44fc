using System.Runtime.CompilerServices;
using Backprop.Kernels;
using Backprop.Simd;

namespace Backprop.Networks;

/// <summary>What a pass over a batch needs to do a part of it.</summary>
internal ref struct BatchPass
{
    internal required Network Network { get; init; }

    internal required ReadOnlySpan<float> Inputs { get; init; }

    internal required int Rows { get; init; }

    internal required Workspace Workspace { get; init; }

    /// <summary>Where the gradient goes and how, in the backward pass.</summary>
    internal GradientTarget Target { get; init; }

    /// <summary>Set by <see cref="BatchParts.Run"/>.</summary>
    internal int Parts { get; set; }

    /// <summary>Part <paramref name="part"/> of a number of things.</summary>
    internal readonly (int First, int Count) Share(int part, int total)
    {
        int first = (int)((long)total * part / Parts);
        return (first, (int)((long)total * (part + 1) / Parts) - first);
    }
}

/// <summary>
/// Small networks, whose products are hardly worth a thread each: a whole pass is divided instead, so that a thread finds in its own cache
/// what it wrote the step before. What another core has written arrives an order of magnitude slower.
/// </summary>
internal static unsafe class BatchParts
{
    /// <summary>The least rows of a part: for fewer the weights that another core wrote take longer to come than the rows take.</summary>
    private const int LeastRows = 24;

    /// <summary>The least multiply-adds of a part, parameters times rows: about 10 µs of one core.</summary>
    private const long LeastWork = 1 << 20;

    /// <summary>How many parts a pass over so many rows is worth.</summary>
    internal static int Count(Network network, int rows, Workspace workspace)
    {
        if (workspace.Threads == 1 || !IsSmall(network))
            return 1;
        long most = Math.Min(rows / LeastRows, (long)network.Layout.Length * rows / LeastWork);
        int parts = (int)Math.Max(1, Math.Min(workspace.Threads, most));
        while (parts > 1 && !KeepsOrder(network, rows, parts)) parts--;
        return parts;
    }

    /// <summary>Whether every product by Bᵀ of the backward pass is made in the same order of operations for the rows of a part as for the
    /// whole batch.</summary>
    private static bool KeepsOrder(Network network, int rows, int parts)
    {
        ReadOnlySpan<int> layers = network.Layers;
        for (int layer = 1; layer < network.Depth; layer++)
        {
            bool isDots = DotRule.Applies(rows, layers[layer], layers[layer + 1]);
            // parts differ by one row
            for (int share = rows / parts; share <= (rows + parts - 1) / parts; share++)
            {
                if (DotRule.Applies(share, layers[layer], layers[layer + 1]) != isDots) return false;
            }
        }
        return true;
    }

    /// <summary>The threads that a product of the pass may use: small networks have their passes divided or nothing.</summary>
    internal static int Threads(in BatchPass pass) => pass.Workspace.Threads == 1 || IsSmall(pass.Network) ? 1 : pass.Workspace.Threads;

    /// <summary>Whether the parameters fit the L2 cache of one core.</summary>
    private static bool IsSmall(Network network) => network.Layout.Length <= CacheSizes.Current.L2 / sizeof(float);

    /// <summary>Runs work on each part; <paramref name="work"/> gets the address of the pass, which lives on the caller's stack until all
    /// are done.</summary>
    internal static void Run(int parts, ref BatchPass pass, delegate*<void*, int, void> work)
    {
        pass.Parts = parts;
        if (parts == 1) work(Unsafe.AsPointer(ref pass), 0);
        else WorkerPool.Run(parts, work, Unsafe.AsPointer(ref pass));
    }

    /// <summary>The pass behind the address.</summary>
    internal static ref readonly BatchPass From(void* pass) => ref Unsafe.AsRef<BatchPass>(pass);
}
