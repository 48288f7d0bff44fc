using Backprop.Benchmarks.Cases;
using Backprop.Benchmarks.Contenders;
using Backprop.Benchmarks.Reports;
using Microsoft.ML.OnnxRuntime;

namespace Backprop.Peers.Onnx;

/// <summary>ONNX Runtime, which predicts and no longer trains; inputs and outputs are bound once.</summary>
internal sealed class OnnxRuntimePeer : IPeer
{
    // a model is one protobuf message, whose size is a signed 32-bit number
    private const double LargestModel = 2e9;

    private static readonly Lazy<(string Version, string? Problem)> s_runtime = new(Load);

    public string Name => "onnxruntime";

    public string? Unavailable => s_runtime.Value.Problem;

    public bool Threaded => true;

    public PeerReport Describe(int threads) => new(Name, s_runtime.Value.Version, threads, "");

    public BoundCall? Bind(KernelCase problem, int threads) => problem switch
    {
        { WorkingSet: >= LargestModel } => null,
        PredictCase predict => new(Open(predict, OnnxModel.Create(predict), threads)),
        StartupCase { Work: PredictCase predict } => BindStartup(predict, threads),
        _ => null,
    };

    // the model is there before the session is, as it is in a file
    private static BoundCall BindStartup(PredictCase problem, int threads)
    {
        byte[] model = OnnxModel.Create(problem);
        return new(() => Open(problem, model, threads)());
    }

    private static Action Open(PredictCase problem, byte[] model, int threads)
    {
        SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        InferenceSession session = new(model, options);
        RunOptions runOptions = new();
        OrtIoBinding binding = session.CreateIoBinding();
        binding.BindInput(OnnxModel.Input, Matrix(problem.Examples, problem.Batch, problem.Inputs));
        binding.BindOutput(OnnxModel.Output, Matrix(problem.Activations, problem.Batch, problem.Outputs));
        return () => session.RunWithBinding(runOptions, binding);
    }

    private static OrtValue Matrix(Operand values, int rows, int columns) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.Memory, [rows, columns]);

    private static (string Version, string? Problem) Load()
    {
        try
        {
            return (OrtEnv.Instance().GetVersionString(), null);
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            return ("", (exception.InnerException ?? exception).Message.Split('\n')[0]);
        }
    }
}
