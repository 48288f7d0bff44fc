using Backprop.Benchmarks.Cases;

namespace Backprop.Benchmarks.Naive;

/// <summary>The network of loops one would write first: arrays layer by layer, one example after the other, no buffers shared.</summary>
internal sealed class NaiveNetwork(NetworkCase problem)
{
    private readonly float[][] weights = [.. problem.Weights.Select(array => (float[])array.Clone())];
    private readonly float[][] biases = [.. problem.Biases.Select(array => (float[])array.Clone())];
    private readonly float[][] weightGradient = [.. problem.Weights.Select(array => new float[array.Length])];
    private readonly float[][] biasGradient = [.. problem.Biases.Select(array => new float[array.Length])];
    private readonly float[][] activations = [.. problem.Layers.Select(size => new float[size])];
    private readonly float[][] delta = [.. problem.Layers.Select(size => new float[size])];

    public void Predict(float[] destination)
    {
        for (int row = 0; row < problem.Batch; row++)
        {
            Forward(row);
            activations[^1].CopyTo(destination, row * problem.Outputs);
        }
    }

    public void Step(float learningRate)
    {
        for (int l = 0; l < weights.Length; l++)
        {
            Array.Clear(weightGradient[l]);
            Array.Clear(biasGradient[l]);
        }
        for (int row = 0; row < problem.Batch; row++)
        {
            Forward(row);
            Backward(problem.Classes[row]);
        }
        float rate = learningRate / problem.Batch;
        for (int l = 0; l < weights.Length; l++)
        {
            for (int i = 0; i < weights[l].Length; i++)
                weights[l][i] -= rate * weightGradient[l][i];
            for (int j = 0; j < biases[l].Length; j++)
                biases[l][j] -= rate * biasGradient[l][j];
        }
    }

    /// <summary>Layer by layer: weights, then biases.</summary>
    public void CopyParameters(float[] destination)
    {
        int offset = 0;
        for (int l = 0; l < weights.Length; l++)
        {
            weights[l].CopyTo(destination, offset);
            offset += weights[l].Length;
            biases[l].CopyTo(destination, offset);
            offset += biases[l].Length;
        }
    }

    private void Forward(int row)
    {
        Array.Copy(problem.Examples, row * problem.Inputs, activations[0], 0, problem.Inputs);
        for (int l = 0; l < weights.Length; l++)
        {
            int inputs = activations[l].Length, outputs = activations[l + 1].Length;
            for (int j = 0; j < outputs; j++)
            {
                float z = biases[l][j];
                for (int i = 0; i < inputs; i++)
                    z += activations[l][i] * weights[l][i * outputs + j];
                activations[l + 1][j] = l < weights.Length - 1 ? 1 / (1 + MathF.Exp(-z)) : z;
            }
        }
        NaiveSoftmax.Apply(1, problem.Outputs, activations[^1], activations[^1]);
    }

    private void Backward(int label)
    {
        for (int j = 0; j < problem.Outputs; j++)
            delta[^1][j] = activations[^1][j] - (j == label ? 1 : 0);
        for (int l = weights.Length - 1; l >= 0; l--)
        {
            int inputs = activations[l].Length, outputs = activations[l + 1].Length;
            for (int i = 0; i < inputs; i++)
            {
                float a = activations[l][i], sum = 0;
                for (int j = 0; j < outputs; j++)
                {
                    weightGradient[l][i * outputs + j] += a * delta[l + 1][j];
                    sum += weights[l][i * outputs + j] * delta[l + 1][j];
                }
                delta[l][i] = sum * a * (1 - a);
            }
            for (int j = 0; j < outputs; j++)
                biasGradient[l][j] += delta[l + 1][j];
        }
    }
}
