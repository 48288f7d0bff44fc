namespace Backprop.Training;

/// <summary>How <see cref="Initializer"/> draws the parameters a training starts from. n_in and n_out are a layer's own.</summary>
public enum Initialization
{
    /// <summary>W ~ N(0, 1/n_in), b ~ N(0, 1): weighted inputs of order one, so that σ does not start saturated.</summary>
    ScaledNormal,

    /// <summary>W uniform in ±√(6/(n_in + n_out)), b = 0 (Glorot and Bengio 2010, equation 16).</summary>
    Xavier,

    /// <summary>W ~ N(0, 1), b ~ N(0, 1): the plain choice, slow to learn where layers are large.</summary>
    StandardNormal,

    /// <summary>Hidden layers W ~ N(0, 1/n_out), b ~ N(0, 1), output layer zero: as Nielsen's <c>network3.py</c> has it.</summary>
    Network3,
}
