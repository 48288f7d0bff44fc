using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using Backprop.Peers.Managed;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Backprop.Peers.LibTorch;

/// <summary>LibTorch through TorchSharp, tensors made once and disposed with the process.</summary>
internal sealed class LibTorchPeer : IPeer
{
    private static readonly Lazy<string?> s_problem = new(Load);

    public string Name => "libtorch";

    public string? Unavailable => s_problem.Value;

    public bool Threaded => true;

    public PeerReport Describe(int threads)
    {
        set_num_threads(threads);
        return new PeerReport(Name, $"{torch.__version__}, TorchSharp {AssemblyVersion.Of(typeof(torch).Assembly)}", threads, "");
    }

    public BoundCall? Bind(KernelCase problem, int threads) =>
        problem is StartupCase startup ? BindStartup(startup, threads) : BindLoaded(problem, threads);

    private static BoundCall? BindLoaded(KernelCase problem, int threads)
    {
        set_num_threads(threads);
        // again for every shape: a system may take pages away that lie idle meanwhile
        ResidentLibrary.Touch("libtorch");
        return problem switch
        {
            GemmCase c => BindGemm(c),
            GemvCase c => BindGemv(c),
            ExpCase c => BindMap(c.X, c.Destination, c.X.Length, 1, x => x.exp()),
            LogCase c => BindMap(c.X, c.Destination, c.X.Length, 1, x => x.log()),
            SigmoidCase c => BindMap(c.X, c.Destination, c.X.Length, 1, x => x.sigmoid()),
            SoftmaxCase c => BindMap(c.Z, c.Destination, c.Rows, c.Columns, x => x.softmax(1)),
            LogSoftmaxCase c => BindMap(c.Z, c.Destination, c.Rows, c.Columns, x => x.log_softmax(1)),
            StepCase c => BindStep(c),
            PredictCase c => BindPredict(c),
            _ => null,
        };
    }

    private static string? Load()
    {
        try
        {
            using Tensor probe = torch.zeros(1);
            return null;
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or NotSupportedException)
        {
            return (exception.InnerException ?? exception).Message.Split('\n')[0];
        }
    }

    // all of LibTorch is loaded in the call; an epoch takes the same batch over and over
    private static BoundCall BindStartup(StartupCase startup, int threads)
    {
        BoundCall? call = null;
        return new(
            () =>
            {
                set_num_threads(threads);
                call = startup.Work is StepCase step ? BindStep(step) : BindPredict((PredictCase)startup.Work);
                for (int i = 0; i < startup.Calls; i++)
                    call.Run();
            },
            () => call?.Publish?.Invoke());
    }

    private static BoundCall BindGemm(GemmCase c)
    {
        Tensor a = Matrix(c.A, c.Lda, c.TransposeA), b = Matrix(c.B, c.Ldb, c.TransposeB);
        return BindResult(() => torch.mm(a, b), c.C);
    }

    private static BoundCall BindGemv(GemvCase c)
    {
        Tensor a = Matrix(c.A, c.N, c.Transpose), x = torch.tensor(c.X.ToArray());
        return BindResult(() => torch.mv(a, x), c.Y);
    }

    private static BoundCall BindMap(Operand from, Operand to, int rows, int columns, Func<Tensor, Tensor> apply)
    {
        Tensor x = torch.tensor(from.ToArray()).reshape(rows, columns);
        return BindResult(() => apply(x), to);
    }

    // the result is a new tensor at every call, as a program that uses it would have
    private static BoundCall BindResult(Func<Tensor> apply, Operand to)
    {
        Tensor? result = null;
        return new(
            () =>
            {
                result?.Dispose();
                result = apply();
            },
            () => CopyTo(result!, to));
    }

    private static BoundCall BindStep(StepCase c)
    {
        Tensor examples = torch.tensor(c.Examples.ToArray()).reshape(c.Batch, c.Inputs);
        Tensor classes = torch.tensor(c.Classes).to_type(ScalarType.Int64);
        Sequential network = CreateNetwork(c);
        optim.Optimizer optimizer = optim.SGD(network.parameters(), StepCase.LearningRate);
        return new(
            () =>
            {
                using DisposeScope scope = NewDisposeScope();
                optimizer.zero_grad();
                nn.functional.cross_entropy(network.forward(examples), classes).backward();
                optimizer.step();
            },
            () => CopyParameters(network, c));
    }

    private static BoundCall BindPredict(PredictCase c)
    {
        Tensor examples = torch.tensor(c.Examples.ToArray()).reshape(c.Batch, c.Inputs);
        Sequential network = CreateNetwork(c);
        return new(() =>
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGradient = no_grad();
            network.forward(examples).softmax(1).data<float>().CopyTo(c.Activations);
        });
    }

    private static Sequential CreateNetwork(NetworkCase c)
    {
        Sequential network = nn.Sequential();
        using IDisposable noGradient = no_grad();
        for (int layer = 1; layer <= c.Depth; layer++)
        {
            Linear linear = nn.Linear(c.Layers[layer - 1], c.Layers[layer]);
            using Tensor weights = Matrix(c.Weights[layer - 1], c.Layers[layer], transpose: true);
            using Tensor biases = torch.tensor(c.Biases[layer - 1].ToArray());
            linear.weight!.copy_(weights);
            linear.bias!.copy_(biases);
            network.append($"layer{layer}", linear);
            if (layer < c.Depth)
                network.append($"sigmoid{layer}", nn.Sigmoid());
        }
        return network;
    }

    // LibTorch holds weights as outputs × inputs
    private static void CopyParameters(Sequential network, StepCase c)
    {
        int position = 0;
        foreach (Linear linear in network.children().OfType<Linear>())
        {
            using Tensor weights = linear.weight!.t().contiguous();
            foreach (Tensor tensor in new[] { weights, linear.bias! })
            {
                float[] values = tensor.data<float>().ToArray();
                values.CopyTo(c.Updated.AsSpan(position, values.Length));
                position += values.Length;
            }
        }
    }

    private static Tensor Matrix(Operand values, int columns, bool transpose)
    {
        Tensor matrix = torch.tensor(values.ToArray()).reshape(values.Length / columns, columns);
        return transpose ? matrix.t() : matrix;
    }

    private static void CopyTo(Tensor tensor, Operand destination) => tensor.data<float>().CopyTo(destination);
}
