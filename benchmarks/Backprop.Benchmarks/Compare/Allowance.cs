namespace Backprop.Benchmarks.Compare;

/// <summary>Time that may be spent on something over a whole comparison.</summary>
internal sealed class Allowance(TimeSpan total)
{
    private TimeSpan _left = total;

    public bool IsLeft => _left > TimeSpan.Zero;

    public void Spend(TimeSpan time) => _left -= time;
}
