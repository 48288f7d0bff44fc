namespace Backprop.Cli;

/// <summary>The exit codes of the command.</summary>
internal static class ExitCode
{
    /// <summary>It did what was asked.</summary>
    internal const int Success = 0;

    /// <summary>It ran, and what it found is bad: a gradient beyond its bound, a training run that diverged.</summary>
    internal const int Failed = 1;

    /// <summary>Bad input: an option, a data file, a model file, a place that cannot be written.</summary>
    internal const int BadInput = 2;

    /// <summary>Stopped by Ctrl+C: 128 + SIGINT, as shells have it.</summary>
    internal const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM, what service managers and batch systems send: 128 + SIGTERM.</summary>
    internal const int Terminated = 143;
}
