using Backprop.Kernels;
using Backprop.Networks;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Networks;

public class BatchPartsTests
{
    [Fact]
    public void Each_part_of_a_batch_keeps_the_rule_of_the_whole()
    {
        int divided = 0;
        foreach (int hidden in new[] { 4, 8, 9, 60, 150, 300 })
        {
            foreach (int outputs in new[] { 2, 10, 100, 400 })
            {
                Network network = new(100, hidden, outputs);
                foreach (int threads in new[] { 2, 3, 7 })
                {
                    Workspace workspace = new(network, 1, threads);
                    for (int rows = 1; rows <= 400; rows++)
                    {
                        BatchPass pass = new()
                        {
                            Network = network,
                            Inputs = [],
                            Rows = rows,
                            Workspace = workspace,
                            Parts = BatchParts.Count(network, rows, workspace),
                        };
                        string what = $"100-{hidden}-{outputs}, {rows} rows, {threads} threads, {pass.Parts} parts";
                        Expect.That(pass.Parts >= 1 && pass.Parts <= threads, $"{what}");
                        if (pass.Parts > 1) divided++;
                        bool isDots = DotRule.Applies(rows, hidden, outputs);
                        int next = 0;
                        for (int part = 0; part < pass.Parts; part++)
                        {
                            (int first, int count) = pass.Share(part, rows);
                            Expect.That(first == next && DotRule.Applies(count, hidden, outputs) == isDots, $"{what}: {first}, {count}");
                            next += count;
                        }
                        Expect.That(next == rows, $"{what}");
                    }
                }
            }
        }
        Assert.InRange(divided, 1_000, int.MaxValue);
    }
}
