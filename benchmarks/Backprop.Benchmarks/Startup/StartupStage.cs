namespace Backprop.Benchmarks.Startup;

/// <summary>How far a program of <c>startup</c> goes before its time is taken: the option on the command line.</summary>
internal static class StartupStage
{
    public const string Predict = "predict", Step = "step", Epoch = "epoch";

    public static IReadOnlyList<string> All { get; } = [Predict, Step, Epoch];

    /// <summary>The kernel that reports name it by.</summary>
    public static string Kernel(string stage) => $"startup-{stage}";
}
