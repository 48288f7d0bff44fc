using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Backprop.Kernels;
using Backprop.Simd;
using Backprop.Tests.Support;
using Xunit;

namespace Backprop.Tests.Kernels;

/// <summary>What stands in for a kernel's body until that is compiled gives the same bits, and the body follows.</summary>
[Collection(ProcessWide.Name)]
public unsafe class FirstCallTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private static readonly int[] s_rows = [1, 2, 3, 4, 5, 9, 12], s_columns = [1, 4, 15, 16, 17, 33], s_steps = [0, 1, 7];

    private static readonly (int M, int N, int K)[] s_shapes =
        [(1, 100, 64), (100, 1, 64), (13, 36, 70), (25, 100, 90), (61, 45, 600), (10, 10, 100)];

    private static readonly float[] s_alphas = [1, 0.7f], s_betas = [0, 1, 1.3f];

    private static readonly string[] s_functions =
        [nameof(Kernel.Exp), nameof(Kernel.Log), nameof(Kernel.Sigmoid), nameof(Kernel.SigmoidDerivative)];

    private delegate void OneOperand(ReadOnlySpan<float> x, Span<float> destination);

    private delegate void BiasSigmoid(ReadOnlySpan<float> z, ReadOnlySpan<float> bias, int rows, int columns, Span<float> destination);

    private static IEnumerable<GemmProblem> Problems =>
        from transposeA in Enum.GetValues<Transpose>()
        from m in s_rows
        from n in s_columns
        from k in s_steps
        from alpha in s_alphas
        from beta in s_betas
        select new GemmProblem(transposeA, Transpose.No, m, n, k) { Alpha = alpha, Beta = beta, Extra = 2, Seed = m + n };

    [Fact]
    public void The_tile_of_any_size_makes_the_chains_of_the_others()
    {
        foreach (GemmProblem problem in Problems)
        {
            foreach (SimdLevel level in Levels.All)
            {
                float[] actual = problem.C;
                fixed (float* a = problem.A, b = problem.B, c = actual)
                    SimdDispatch.Run(level, new AnySizeCall(problem, a, b, c));
                Bits.AssertSame(problem.Run(SimdLevel.Scalar), actual, $"{level}, {problem}");
            }
        }
    }

    [Fact]
    public void The_first_products_are_those_with_a_plan()
    {
        float[] bias = Inputs.Uniform(3, 64);
        foreach (GemmProblem problem in Problems)
        {
            float[] expected = problem.C, actual = problem.C;
            fixed (float* a = problem.A, b = problem.B, c = expected, d = actual, operand = bias)
            {
                GemmArguments arguments = Arguments(problem, a, b, c, GemmEpilogue.BiasSigmoid(operand));
                GemmBlocks.Run<Scalar, float>(arguments);
                arguments.C = d;
                FirstProducts.Run(arguments);
            }
            Bits.AssertSame(expected, actual, $"{problem}");
        }
    }

    [Fact]
    public void A_body_is_compiled_once_it_has_had_enough_work()
    {
        Bodies* bodies = Bodies.Create(BodyKind.Tile);
        delegate*<TileArguments*, float*, float*, float*, void> body = &GemmTile.Run<Scalar, float, N5, TwoVectorsMasked, RowMajor>;
        Assert.Equal(0, CountAsAProgramDoes(bodies, 1, (nint)body));
        Assert.Equal(0, bodies->Of(5));
        BodyCompiler.Prepare();
        long before = GC.GetAllocatedBytesForCurrentThread();
        nint toRun = CountAsAProgramDoes(bodies, 1L << 40, (nint)body);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, toRun);
        for (Stopwatch clock = Stopwatch.StartNew(); bodies->Of(5) == 0 && clock.Elapsed < s_patience;) Thread.Sleep(1);
        Assert.Equal((nint)body, bodies->Of(5));
    }

    [Fact]
    public void Products_keep_their_bits_when_their_bodies_are_there()
    {
        CopyOfTheLibrary context = new();
        MethodInfo products = context.LoadFromAssemblyPath(typeof(FirstCallTests).Assembly.Location)
            .GetType(typeof(FirstCallTests).FullName!, throwOnError: true)!
            .GetMethod(nameof(ProductsOfAProgram), BindingFlags.NonPublic | BindingFlags.Static)!;
        float[][] expected = Products();
        foreach (float[][] actual in (float[][][])products.Invoke(null, null)!)
        {
            for (int i = 0; i < expected.Length; i++) Bits.AssertSame(expected[i], actual[i], $"product {i}");
        }
        context.Unload();
    }

    /// <summary>The products of a program from its first one on: before, while and after their bodies are compiled.</summary>
    private static float[][][] ProductsOfAProgram()
    {
        Bodies.CompileAtOnce = false;
        var results = new float[12][][];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Products();
            Thread.Sleep(20);
        }
        return results;
    }

    /// <summary>Rests of rows and of columns, one row, and one column of Aᵀ, at every width; the larger ones have enough work at once.</summary>
    private static float[][] Products()
    {
        var results = new List<float[]>();
        foreach ((int m, int n, int k) in s_shapes)
        {
            foreach (GemmProblem problem in GemmProblem.Transpositions(m, n, k))
            {
                foreach (SimdLevel level in Levels.All)
                {
                    // a multiple of 16 from row to row: the first vector of a strip then begins before its columns
                    results.Add((problem with { Beta = 0.5f, Extra = 48 - n % 16 }).Run(level));
                }
            }
        }
        return [.. results];
    }

    [Fact]
    public void Elementwise_functions_keep_their_bits_when_their_bodies_are_there()
    {
        AssemblyLoadContext context = new("first calls", isCollectible: true);
        Type fresh = context.LoadFromAssemblyPath(typeof(Kernel).Assembly.Location).GetType(typeof(Kernel).FullName!, throwOnError: true)!;
        foreach (string name in s_functions)
        {
            float[] x = Inputs.Uniform(5, 1_003);
            OneOperand first = Public<OneOperand>(fresh, name), ours = Public<OneOperand>(typeof(Kernel), name);
            AssertSameInEveryCall(name, destination => ours(x, destination), destination => first(x, destination), x.Length);
        }
        float[] z = Inputs.Uniform(6, 17 * 59), bias = Inputs.Uniform(7, 59);
        BiasSigmoid freshRows = Public<BiasSigmoid>(fresh, nameof(Kernel.BiasSigmoid));
        AssertSameInEveryCall(
            nameof(Kernel.BiasSigmoid), destination => Kernel.BiasSigmoid(z, bias, 17, 59, destination),
            destination => freshRows(z, bias, 17, 59, destination), z.Length);
        context.Unload();
    }

    /// <summary>A hundred calls over a tenth of a second: before, while and after a body is compiled.</summary>
    private static void AssertSameInEveryCall(string name, Action<float[]> ours, Action<float[]> fresh, int length)
    {
        float[] expected = new float[length], actual = new float[length];
        ours(expected);
        for (int call = 0; call < 100; call++)
        {
            Array.Clear(actual);
            fresh(actual);
            Bits.AssertSame(expected, actual, $"{name}, call {call}");
            Thread.Sleep(1);
        }
    }

    private static TDelegate Public<TDelegate>(Type kernel, string name)
        where TDelegate : Delegate
    {
        Type[] parameters = [.. typeof(TDelegate).GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType)];
        return kernel.GetMethod(name, BindingFlags.Public | BindingFlags.Static, parameters)!.CreateDelegate<TDelegate>();
    }

    private static nint CountAsAProgramDoes(Bodies* bodies, long multiplyAdds, nint body)
    {
        Bodies.CompileAtOnce = false;
        try
        {
            return Bodies.Count(bodies, 5, multiplyAdds, body);
        }
        finally
        {
            Bodies.CompileAtOnce = true;
        }
    }

    private static GemmArguments Arguments(GemmProblem problem, float* a, float* b, float* c, GemmEpilogue epilogue) => new()
    {
        Shape = problem.Shape,
        Alpha = problem.Alpha,
        Beta = problem.Beta,
        OriginOfA = a,
        OriginOfB = b,
        C = c,
        Threads = 1,
        Epilogue = epilogue,
    };

    private readonly struct AnySizeCall(GemmProblem problem, float* a, float* b, float* c) : ISimdCall
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            var t = new TileArguments
            {
                K = problem.K,
                Rows = problem.M,
                Columns = problem.N,
                IsColumnMajor = problem.IsTransposedA,
                Alpha = problem.Alpha,
                Beta = problem.Beta,
                Lda = problem.Lda,
                Ldb = problem.Ldb,
                Ldc = problem.Ldc,
            };
            TileOfAnySize.Run<TSimd, TVector>(&t, a, b, c);
        }
    }

    /// <summary>The library once more, with static fields of its own, for the assembly that is loaded beside it.</summary>
    private sealed class CopyOfTheLibrary() : AssemblyLoadContext("first products", isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(Kernel).Assembly.GetName().Name ? LoadFromAssemblyPath(typeof(Kernel).Assembly.Location) : null;
    }
}
