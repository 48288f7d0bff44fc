using System.Runtime.InteropServices;

namespace Backprop.Benchmarks.Compare;

/// <summary>
/// Turns the first Ctrl+C or request to terminate into a cancelled token, so that what has been measured is kept; a second one ends the
/// process at once.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    // as a shell tells that a signal ended a program: 128 and the signal's number
    private const int Interrupted = 130, Terminated = 143;

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _exitCode;

    public StopSignal() =>
        _registrations = [Register(PosixSignal.SIGINT, Interrupted), Register(PosixSignal.SIGTERM, Terminated)];

    public CancellationToken Token => _source.Token;

    /// <summary>What the process ends with, or null when nobody asked it to stop.</summary>
    public int? ExitCode => _source.IsCancellationRequested ? _exitCode : null;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal, int exitCode) => PosixSignalRegistration.Create(signal, context =>
    {
        // before the token, since who sees the token asks for the code
        context.Cancel = Interlocked.CompareExchange(ref _exitCode, exitCode, 0) == 0;
        _source.Cancel();
    });
}
