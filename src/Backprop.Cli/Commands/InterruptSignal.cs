using System.Runtime.InteropServices;

namespace Backprop.Cli.Commands;

/// <summary>
/// Turns the first Ctrl+C or SIGTERM into a cancelled token as long as it is alive; a second one ends the process as usual, so that nothing
/// can hold it up.
/// </summary>
internal sealed class InterruptSignal : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;
    private volatile int _exitCode = Cli.ExitCode.Interrupted;

    internal InterruptSignal(CancellationToken outer)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, Cli.ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, Cli.ExitCode.Terminated)),
        ];
    }

    internal CancellationToken Token => _source.Token;

    /// <summary>What the process ends with after the signal that came.</summary>
    internal int ExitCode => _exitCode;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = !_source.IsCancellationRequested;
        if (!signal.Cancel)
            return;
        _exitCode = exitCode;
        _source.Cancel();
    }
}
