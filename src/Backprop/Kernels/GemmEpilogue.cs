using Backprop.Simd;

namespace Backprop.Kernels;

/// <summary>What is done to the elements of a product once they are complete, by the thread that made them and while they are near.</summary>
internal readonly unsafe struct GemmEpilogue
{
    private readonly float* _operand;
    private readonly nint _stride;
    private readonly Function _function;

    private GemmEpilogue(Function function, float* operand, nint stride)
    {
        _function = function;
        _operand = operand;
        _stride = stride;
    }

    private enum Function
    {
        None,
        BiasSigmoid,
        SigmoidDerivative,
    }

    /// <summary>c_ij ← σ(c_ij + b_j).</summary>
    public static GemmEpilogue BiasSigmoid(float* bias) => new(Function.BiasSigmoid, bias, 0);

    /// <summary>c_ij ← c_ij a_ij (1 − a_ij).</summary>
    public static GemmEpilogue SigmoidDerivative(float* activations, nint stride) =>
        new(Function.SigmoidDerivative, activations, stride);

    /// <summary>The same for the part of C that begins at the given corner.</summary>
    public GemmEpilogue Part(int row, int column) => new(_function, _operand + row * _stride + column, _stride);

    /// <summary>Does it to C.</summary>
    public void Run<TSimd, TVector>(float* c, nint ldc, int m, int n)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        switch (_function)
        {
            case Function.BiasSigmoid: Apply<TSimd, TVector, BiasSigmoidFunction>(c, ldc, m, n); break;
            case Function.SigmoidDerivative: Apply<TSimd, TVector, MultiplySigmoidDerivativeFunction>(c, ldc, m, n); break;
        }
    }

    private void Apply<TSimd, TVector, TFunction>(float* c, nint ldc, int m, int n)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
        where TFunction : struct, IBinaryFunction
    {
        fixed (float* constants = TFunction.Constants)
            TFunction.Apply<TSimd, TVector>(constants, c, _operand, _stride, c, ldc, m, n);
    }
}
