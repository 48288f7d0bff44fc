using Backprop.Benchmarks.Cases;

namespace Backprop.Benchmarks.Naive;

/// <summary>The network of loops one would write first: arrays layer by layer, one example after the other, no buffers shared.</summary>
internal sealed class NaiveNetwork(NetworkCase problem)
{
    private readonly float[][] _weights = [.. problem.Weights.Select(array => array.ToArray())];
    private readonly float[][] _biases = [.. problem.Biases.Select(array => array.ToArray())];
    private readonly float[][] _weightGradient = [.. problem.Weights.Select(array => new float[array.Length])];
    private readonly float[][] _biasGradient = [.. problem.Biases.Select(array => new float[array.Length])];
    private readonly float[][] _activations = [.. problem.Layers.Select(size => new float[size])];
    private readonly float[][] _delta = [.. problem.Layers.Select(size => new float[size])];

    public void Predict(Span<float> destination)
    {
        for (int row = 0; row < problem.Batch; row++)
        {
            Forward(row);
            _activations[^1].CopyTo(destination[(row * problem.Outputs)..]);
        }
    }

    public void Step(float learningRate)
    {
        for (int l = 0; l < _weights.Length; l++)
        {
            Array.Clear(_weightGradient[l]);
            Array.Clear(_biasGradient[l]);
        }
        for (int row = 0; row < problem.Batch; row++)
        {
            Forward(row);
            Backward(problem.Classes[row]);
        }
        float rate = learningRate / problem.Batch;
        for (int l = 0; l < _weights.Length; l++)
        {
            for (int i = 0; i < _weights[l].Length; i++)
                _weights[l][i] -= rate * _weightGradient[l][i];
            for (int j = 0; j < _biases[l].Length; j++)
                _biases[l][j] -= rate * _biasGradient[l][j];
        }
    }

    /// <summary>Layer by layer: weights, then biases.</summary>
    public void CopyParameters(Span<float> destination)
    {
        int offset = 0;
        for (int l = 0; l < _weights.Length; l++)
        {
            _weights[l].CopyTo(destination[offset..]);
            offset += _weights[l].Length;
            _biases[l].CopyTo(destination[offset..]);
            offset += _biases[l].Length;
        }
    }

    private void Forward(int row)
    {
        problem.Examples.AsSpan(row * problem.Inputs, problem.Inputs).CopyTo(_activations[0]);
        for (int l = 0; l < _weights.Length; l++)
        {
            int inputs = _activations[l].Length, outputs = _activations[l + 1].Length;
            for (int j = 0; j < outputs; j++)
            {
                float z = _biases[l][j];
                for (int i = 0; i < inputs; i++)
                    z += _activations[l][i] * _weights[l][i * outputs + j];
                _activations[l + 1][j] = l < _weights.Length - 1 ? 1 / (1 + MathF.Exp(-z)) : z;
            }
        }
        NaiveSoftmax.Apply(1, problem.Outputs, _activations[^1], _activations[^1]);
    }

    private void Backward(int label)
    {
        for (int j = 0; j < problem.Outputs; j++)
            _delta[^1][j] = _activations[^1][j] - (j == label ? 1 : 0);
        for (int l = _weights.Length - 1; l >= 0; l--)
        {
            int inputs = _activations[l].Length, outputs = _activations[l + 1].Length;
            for (int i = 0; i < inputs; i++)
            {
                float a = _activations[l][i], sum = 0;
                for (int j = 0; j < outputs; j++)
                {
                    _weightGradient[l][i * outputs + j] += a * _delta[l + 1][j];
                    sum += _weights[l][i * outputs + j] * _delta[l + 1][j];
                }
                _delta[l][i] = sum * a * (1 - a);
            }
            for (int j = 0; j < outputs; j++)
                _biasGradient[l][j] += _delta[l + 1][j];
        }
    }
}
