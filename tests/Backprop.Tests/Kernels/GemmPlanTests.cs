using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>Plans of products for given caches, whatever those of this machine are.</summary>
public class GemmPlanTests
{
    private const int MaxBytesOfB = 4 << 20, MaxBytesOfBuffer = 11 << 19;

    private static readonly bool[] Either = [false, true];

    private static readonly Machine[] Machines =
    [
        new("v256", new TileShape(6, 16), Caches(32 << 10, 8, 512 << 10, 32 << 20)),
        new("v512", new TileShape(12, 32), Caches(48 << 10, 12, 1 << 20, 32 << 20)),
        new("v128", new TileShape(6, 8), Caches(32 << 10, 8, 256 << 10, 8 << 20)),
    ];

    // What a configuration may say, from one extreme to the other, and an L1 without any L2.
    private static readonly CacheSizes[] OddCaches =
    [
        Caches(4 << 10, 8, 4 << 10, 4 << 10), Caches(4 << 10, 8, 16 << 10, 64 << 10), Caches(8 << 10, 8, 32 << 10, 1 << 20),
        Caches(32 << 10, 8, 32 << 10, 32 << 10), Caches(32 << 10, 8, 128 << 10, 8 << 20), Caches(1 << 20, 16, 256 << 20, 1 << 30),
        Caches(1 << 30, 8, 1 << 30, 1 << 30),
    ];

    private static readonly string[] EveryWay =
    [
        "A OneSet", "A ShortPieces", "A Scaled", "B OneSet", "B FewSets", "B Transposed", "blocks of rows", "blocks of columns",
        "several depths", "prefetches B in place, few tiles", "prefetches B in place, many tiles", "prefetches Bᵀ", "prefetches C",
    ];

    private sealed record Machine(string Name, TileShape Tile, CacheSizes Caches)
    {
        public GemmPlan Plan(GemmShape shape) => GemmPlan.Create(shape, Tile, Caches);
    }

    [Fact]
    public void Blocks_fit_their_caches_and_cover_the_product()
    {
        foreach (GemmProblem problem in RandomProblems(3_000, 3_000))
        {
            GemmShape shape = problem.Shape;
            foreach (Machine machine in Machines)
            {
                GemmPlan plan = machine.Plan(shape);
                if (plan.Route == GemmRoute.Tiles) AssertBlocks(machine, shape, plan, $"{problem}, {machine.Name}: {plan}");
                Expect.That(plan.ToString() == machine.Plan(shape).ToString(), $"{problem}, {machine.Name}: the same plan twice");
            }
        }
    }

    private static void AssertBlocks(Machine machine, GemmShape shape, GemmPlan plan, string what)
    {
        (TileShape tile, CacheSizes caches) = (machine.Tile, machine.Caches);
        bool fitsL1 = 4L * (shape.M * shape.K + shape.K * shape.N + shape.M * shape.N) <= caches.L1;
        bool fewTiles = shape.M <= 3 * tile.Rows && !shape.IsTransposedB;
        Expect.That(plan.Depth >= 1 && plan.Depth <= shape.K && plan.Rows >= 1 && plan.Rows <= shape.M, $"{what}");
        Expect.That(plan.Columns >= 1 && plan.Columns <= shape.N, $"{what}");
        // a tile is cut short at the end of the product and nowhere else
        Expect.That(plan.Rows == shape.M || plan.Rows % tile.Rows == 0, $"{what}: whole tiles of rows");
        Expect.That(plan.Columns == shape.N || plan.Columns % tile.Columns == 0, $"{what}: whole tiles of columns");
        // the tiles do not transpose and do not scale
        Expect.That(!shape.IsTransposedB || plan.PackB == PackReason.Transposed, $"{what}: Bᵀ is copied");
        Expect.That(shape.IsScaled == (plan.PackA == PackReason.Scaled), $"{what}: a scaled A is copied");
        if (fitsL1 && !shape.IsTransposedB && !shape.IsScaled)
        {
            Expect.That(plan is { PackA: PackReason.None, PackB: PackReason.None, PrefetchesB: false, PrefetchesC: false }, $"{what}: in L1");
            Expect.That((plan.Rows, plan.Columns, plan.Depth) == (shape.M, shape.N, shape.K), $"{what}: one block in L1");
            return;
        }
        // every tile reads the panel from L1, half of which is left for A and C; 32 steps a lane hide what C costs; few tiles read it from L2
        int bytesOfPanel = plan.Depth * tile.Columns * sizeof(float), minBytesOfPanel = 32 * tile.Columns / 2 * tile.Columns * sizeof(float);
        Expect.That(bytesOfPanel <= (fewTiles ? caches.L2 / 8 : Math.Max(caches.L1 / 2, minBytesOfPanel)), $"{what}: panel of B");
        // every panel reads the block from L2, which holds panels and C too
        Expect.That(4L * plan.Rows * plan.Depth <= caches.L2 * 5 / 16 || plan.Rows <= tile.Rows, $"{what}: block of A");
        // every block of A reads it from L3, which other cores use as well
        Expect.That(
            plan.PackB == PackReason.None || plan.Columns <= tile.Columns
                || 4L * plan.Columns * plan.Depth <= Math.Min(caches.L3 / 8, MaxBytesOfB), $"{what}: block of B");
    }

    [Fact]
    public void A_plan_is_made_of_its_arguments_alone()
    {
        GemmShape shape = GemmShape.Dense(600, 500, 1_000, isTransposedA: true, isTransposedB: false);
        string[] alone = Array.ConvertAll(Machines, machine => machine.Plan(shape).ToString());
        foreach (GemmProblem other in RandomProblems(20, 500))
            Array.ForEach(Machines, machine => machine.Plan(other.Shape));
        Assert.Equal(alone, Array.ConvertAll(Machines, machine => machine.Plan(shape).ToString()));
        Assert.Equal(alone.Length, alone.Distinct().Count());
    }

    [Fact]
    public void A_product_needs_no_more_than_5_5_MB_whatever_the_caches()
    {
        (int M, int N, int K)[] extremes =
        [
            (1 << 20, 32, 1), (1 << 20, 40, 3), (12, 1 << 20, 40), (11, 40, 1 << 20), (30_000, 30_000, 30_000), (36, 30_000, 30_000),
            (250_003, 15, 17), (250_003, 5, 512), (300, 32, 1 << 20),
        ];
        GemmShape[] shapes =
        [
            .. from size in extremes
               from problem in GemmProblem.Transpositions(size.M, size.N, size.K)
               from isScaled in Either
               select problem.Shape with { IsScaled = isScaled },
            .. RandomProblems(1_000, 3_000).Select(problem => problem.Shape),
        ];
        foreach (CacheSizes caches in OddCaches.Concat(Machines.Select(machine => machine.Caches)))
        {
            foreach (SimdLevel level in Levels.All)
            {
                foreach (GemmShape shape in shapes)
                {
                    var plan = GemmPlan.Create(shape, TileShape.Of(level), caches);
                    if (plan.Route == GemmRoute.Narrow)
                        Expect.That(plan.Rows >= Math.Min(16, shape.M), $"{shape.M}×{shape.N}×{shape.K} {level}, {caches}: rows go on");
                    if (plan.Route != GemmRoute.Tiles) continue;
                    PackedLength packed = new(plan, shape);
                    SimdDispatch.Run(level, ref packed);
                    Expect.That(
                        packed.Bytes is >= 0 and <= MaxBytesOfBuffer,
                        $"{shape.M}×{shape.N}×{shape.K} {level}, {caches}: {plan}: {packed.Bytes} bytes");
                }
            }
        }
    }

    private struct PackedLength(GemmPlan plan, GemmShape shape) : ISimdCall
    {
        public long Bytes { get; private set; }

        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            (int ofA, int ofB) = GemmBlocks.Packed<TSimd, TVector>(plan, shape.M, shape.IsColumnMajorA);
            Bytes = sizeof(float) * ((long)ofA + ofB);
        }
    }

    [Fact]
    public void A_copied_block_of_A_fits_whatever_its_last_blocks_are()
    {
        foreach (SimdLevel level in Levels.All)
            foreach (bool isColumnMajor in Either)
                foreach (int rows in new[] { 1, 11, 12, 24, 36 })
                    foreach (int depth in new[] { 1, 64, 65, 70, 113, 126, 241 })
                        SimdDispatch.Run(level, new PackEveryBlock(isColumnMajor, rows, depth));
    }

    /// <summary>Copies all blocks of A up to a size into the elements that the largest is given, and looks behind them.</summary>
    private readonly unsafe struct PackEveryBlock(bool isColumnMajor, int rows, int depth) : ISimdCall
    {
        private const int Behind = 2_000;

        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            int length = GemmPacking.LengthOfA<TSimd, TVector>(isColumnMajor, rows, depth);
            float[] source = new float[rows * depth], buffer = new float[length + Behind];
            Array.Fill(buffer, float.NaN);
            fixed (float* from = source, to = buffer)
            {
                for (int m = 1; m <= rows; m++)
                {
                    for (int k = 1; k <= depth; k++)
                    {
                        GemmOperand a = isColumnMajor ? new GemmOperand(from, 1, rows) : new GemmOperand(from, depth, 1);
                        GemmPacking.PackA<TSimd, TVector>(a, isColumnMajor, m, k, 1, to);
                        Expect.That(
                            float.IsNaN(buffer[length]) && !buffer.AsSpan(length).ContainsAnyExcept(float.NaN),
                            $"{m} × {k} of {rows} × {depth}, columns contiguous: {isColumnMajor}, {TSimd.Level}");
                    }
                }
            }
        }
    }

    // In the order of the machines: 6 × 16, 12 × 32 and 6 × 8 tiles.
    [Theory]
    [InlineData("4×100×333 nt", "Dots", "Dots", "Dots")]
    [InlineData("1×100×333 nn", "Vector", "Vector", "Vector")]
    [InlineData("100×1×333 tn", "Vector", "Vector", "Vector")]
    [InlineData("333×3×100 tn", "Narrow", "Narrow", "Narrow")]
    [InlineData("333×5×100 tn", "Narrow", "Narrow", "Tiles None None")]
    [InlineData("333×12×100 nn", "Tiles None None", "Tiles None None", "Tiles None None")]
    [InlineData("200×300×100 nn", "Tiles None None", "Tiles None None", "Tiles None None")]
    [InlineData("200×300×100 nn scaled", "Tiles Scaled None", "Tiles Scaled None", "Tiles Scaled None")]
    [InlineData("200×1024×100 nn", "Tiles None OneSet", "Tiles None OneSet", "Tiles None OneSet")]
    [InlineData("12×1024×100 nn", "Tiles None None", "Tiles None None", "Tiles None None")]
    [InlineData("300×768×100 nn", "Tiles None FewSets", "Tiles None FewSets", "Tiles None FewSets")]
    [InlineData("100×768×100 nn", "Tiles None None", "Tiles None None", "Tiles None None")]
    [InlineData("200×300×1024 nn", "Tiles OneSet None", "Tiles OneSet None", "Tiles OneSet None")]
    [InlineData("200×60×1024 nn", "Tiles None None", "Tiles None None", "Tiles None None")]
    [InlineData("600×500×1000 tn", "Tiles ShortPieces None", "Tiles None FewSets", "Tiles ShortPieces None")]
    [InlineData("100×500×700 tn", "Tiles None None", "Tiles None None", "Tiles ShortPieces None")]
    [InlineData("100×300×200 nt", "Tiles None Transposed", "Tiles None Transposed", "Tiles None Transposed")]
    [InlineData("20×300×200 tt", "Tiles None Transposed", "Tiles None Transposed", "Tiles None Transposed")]
    public void Named_shapes_take_these_routes(string product, params string[] routes)
    {
        string[] words = product.Split(' ');
        int[] sizes = Array.ConvertAll(words[0].Split('×'), int.Parse);
        GemmShape shape = GemmShape.Dense(sizes[0], sizes[1], sizes[2], words[1][0] == 't', words[1][1] == 't') with
        {
            IsScaled = words.Length > 2,
        };
        Assert.Equal(routes, Array.ConvertAll(Machines, machine => Route(machine.Plan(shape))));
    }

    [Fact]
    public void The_large_shapes_of_the_tests_of_bits_reach_every_way_to_make_a_product()
    {
        foreach (Machine machine in Machines)
        {
            HashSet<string> reached = [];
            foreach ((int m, int n, int k, int extra, string[] ways) in GemmTests.LargeShapes)
            {
                HashSet<string> those =
                    [.. GemmTests.Large(m, n, k, extra).SelectMany(problem => Ways(problem.Shape, machine.Plan(problem.Shape), machine.Tile))];
                Assert.Equal($"{m}×{n}×{k}, {machine.Name}: ", $"{m}×{n}×{k}, {machine.Name}: {string.Join("; ", ways.Except(those))}");
                reached.UnionWith(those);
            }
            // a tile of many rows uses a line of an A of short pieces well
            IEnumerable<string> missed = EveryWay.Where(way => machine.Tile.Rows < 8 || way != "A ShortPieces").Except(reached);
            Assert.Equal($"{machine.Name}: ", $"{machine.Name}: {string.Join("; ", missed)}");
        }
    }

    private static IEnumerable<string> Ways(GemmShape shape, GemmPlan plan, TileShape tile)
    {
        if (plan.Route != GemmRoute.Tiles) yield break;
        yield return $"A {plan.PackA}";
        yield return $"B {plan.PackB}";
        if (plan.Rows < shape.M) yield return "blocks of rows";
        if (plan.Columns < shape.N) yield return "blocks of columns";
        if (plan.Depth < shape.K) yield return "several depths";
        if (plan.PrefetchesC) yield return "prefetches C";
        if (plan.PrefetchesB && plan.PackB == PackReason.Transposed) yield return "prefetches Bᵀ";
        if (plan.PrefetchesB && plan.PackB == PackReason.None)
            yield return $"prefetches B in place, {(shape.M <= 3 * tile.Rows ? "few" : "many")} tiles";
    }

    [Fact]
    public void Bits_are_the_promised_ones_whatever_the_caches()
    {
        // Small caches make every block small: shapes of some tens have several of each kind.
        foreach (GemmProblem problem in RandomProblems(100, 200).Concat(BlockEnds()))
        {
            float[] expected = problem.Expected();
            foreach (SimdLevel level in Levels.All)
                foreach (CacheSizes caches in OddCaches)
                    Bits.AssertSame(expected, problem.Run(level, caches), $"{problem} {level}, {caches}");
        }
    }

    /// <summary>A last block of A that is shorter and takes more room a row, or more tiles; narrow products of which L2 holds few rows.</summary>
    private static IEnumerable<GemmProblem> BlockEnds() =>
        from problem in GemmProblem.Transpositions(40, 20, 481)
            .Concat(GemmProblem.Transpositions(40, 70, 993))
            .Concat(GemmProblem.Transpositions(11, 40, 129))
            .Concat(GemmProblem.Transpositions(80, 3, 500))
            .Concat(GemmProblem.Transpositions(90, 6, 510))
        select problem with { Alpha = 0.7f, Beta = 1.3f };

    [Fact]
    public void Shares_cover_the_product_once_in_whole_tiles()
    {
        Random random = new(3);
        for (int trial = 0; trial < 3_000; trial++)
        {
            (int m, int n, int k, int threads) = (Size(random, 3_000), Size(random, 3_000), Size(random, 3_000), Size(random, 64));
            foreach (Machine machine in Machines)
            {
                var division = GemmDivision.Create(GemmShape.Dense(m, n, k, false, false), machine.Tile, threads);
                string what = $"{m}×{n}×{k}, {threads} threads, {machine.Name}: {division}";
                int total = division.ByColumns ? n : m, next = 0;
                // 2²⁰ multiply-adds are worth a thread
                Expect.That(division.Parts >= 1 && division.Parts <= Math.Min(threads, Math.Max(1, (long)m * n * k >> 20)), $"{what}");
                for (int part = 0; part < division.Parts; part++)
                {
                    (int first, int count) = division.Share(part, total);
                    Expect.That(first == next && count > 0, $"{what}: part {part}");
                    Expect.That(!division.ByColumns || first % machine.Tile.Columns == 0, $"{what}: part {part} begins at a tile");
                    next += count;
                }
                Expect.That(next == total, $"{what}");
            }
        }
    }

    [Fact]
    public unsafe void Tiles_prefetch_each_line_of_each_row_once()
    {
        const int Passes = 78, Stride = 1_000;
        Random random = new(4);
        float* start = (float*)0x100000;
        PrefetchPass* passes = stackalloc PrefetchPass[Passes];
        for (int trial = 0; trial < 2_000; trial++)
        {
            int rows = random.Next(1, 40), lines = random.Next(1, 8), turnsOfTile = random.Next(1, 60), tiles = random.Next(1, 12);
            int room = random.Next(4) == 0 ? random.Next(1, 4) : Passes, turns = turnsOfTile * tiles;
            string what = $"{rows} rows of {lines} lines, {tiles} tiles of {turnsOfTile} turns, room for {room}";
            PanelPrefetch panel = new(start, Stride, rows, lines, turns);
            List<nint> addresses = [];
            for (int tile = 0; tile < tiles; tile++)
            {
                int left = turnsOfTile, used = 0;
                PrefetchPass* end = panel.Take(passes, passes + room, ref left);
                Expect.That(end >= passes && end <= passes + room, $"{what}: room");
                for (PrefetchPass* pass = passes; pass < end; pass++)
                {
                    used += pass->Turns;
                    for (int turn = 0; turn < pass->Turns; turn++)
                    {
                        addresses.Add((nint)(pass->Address + turn * pass->Stride - start));
                        if (pass->ToSecond != 0) addresses.Add((nint)(pass->Address + turn * pass->Stride + pass->ToSecond - start));
                    }
                }
                Expect.That(left >= 0 && used + left == turnsOfTile, $"{what}: turns");
            }
            // of an odd number of rows in pairs the last one has a row behind the panel beside it
            addresses.RemoveAll(address => address / Stride == rows);
            Expect.That(addresses.Distinct().Count() == addresses.Count, $"{what}: once");
            Expect.That(addresses.All(address => address / Stride < rows && address % Stride % 16 == 0 && address % Stride / 16 < lines), $"{what}");
            bool isEnough = room == Passes && turns >= lines * ((rows + 1) / 2);
            Expect.That(!isEnough || addresses.Count == rows * lines, $"{what}: all of {rows * lines} were {addresses.Count}");
        }
    }

    [Fact]
    public void The_rule_of_dots_is_the_one_that_is_documented()
    {
        for (int m = 1; m <= 40; m++)
        {
            for (int n = 1; n <= 40; n++)
            {
                for (int k = 0; k <= 300; k++)
                {
                    bool fewRowsOfA = m < 5 || (m < 33 && k / 8 >= m), fewRowsOfB = n < 9 && k / 16 >= n;
                    Expect.That(DotRule.Applies(m, n, k) == (k != 0 && (fewRowsOfA || fewRowsOfB)), $"{m}×{n}×{k}");
                }
            }
        }
    }

    private static CacheSizes Caches(long l1, int ways, long l2, long l3) =>
        new(new CacheLevel(l1, ways, 64), new CacheLevel(l2, 8, 64), new CacheLevel(l3, 16, 64), "test");

    private static string Route(GemmPlan plan) =>
        plan.Route == GemmRoute.Tiles ? $"{plan.Route} {plan.PackA} {plan.PackB}" : $"{plan.Route}";

    /// <summary>Sizes up to a largest, as many between 1 and 10 as between 100 and 1,000.</summary>
    private static int Size(Random random, int largest) => (int)Math.Pow(largest, random.NextDouble());

    private static IEnumerable<GemmProblem> RandomProblems(int count, int largest)
    {
        Random random = new(2);
        for (int trial = 0; trial < count; trial++)
        {
            yield return new GemmProblem(
                (Transpose)random.Next(2), (Transpose)random.Next(2), Size(random, largest), Size(random, largest), Size(random, largest))
            {
                Alpha = random.Next(2) == 0 ? 1 : 0.7f,
                Beta = random.Next(2) == 0 ? 0 : 1.3f,
                Extra = random.Next(3) * 3,
                Seed = trial + 1,
            };
        }
    }
}
