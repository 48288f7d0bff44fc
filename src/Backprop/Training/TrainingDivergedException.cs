namespace Backprop.Training;

/// <summary>A training met a cost that is NaN or infinite and stopped before using its gradient.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Makes an exception that names no place.</summary>
    public TrainingDivergedException()
        : this("The training diverged.")
    {
    }

    /// <summary>Makes an exception with a message of its own.</summary>
    /// <param name="message">The message.</param>
    public TrainingDivergedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a message of its own and a cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public TrainingDivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception that says where and what to change.</summary>
    internal TrainingDivergedException(int epoch, int step, double cost, float learningRate)
        : this(FormattableString.Invariant(
            $"The cost became {cost} in epoch {epoch}, step {step}: lower the learning rate (it is {learningRate}), ") +
            "scale the inputs to about 0 … 1, or choose another initialisation.")
    {
        Epoch = epoch;
        Step = step;
    }

    /// <summary>The epoch, from 1; 0 if unknown.</summary>
    public int Epoch { get; }

    /// <summary>The step within the epoch, from 1; 0 if unknown.</summary>
    public int Step { get; }
}
