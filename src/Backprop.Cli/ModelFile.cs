using Backprop.Cli.Output;
using Backprop.Data;
using Backprop.Formats;
using Backprop.Networks;

namespace Backprop.Cli;

/// <summary>The MODEL argument, and whether examples fit the network in it.</summary>
internal static class ModelFile
{
    internal static Network Load(string path)
    {
        if (Directory.Exists(path))
            throw new InputException($"MODEL: expected a safetensors file, got the folder '{path}'");
        if (!File.Exists(path))
            throw new InputException($"MODEL: the file '{path}' does not exist");
        return SafetensorsModel.Load(path);
    }

    /// <summary>
    /// The examples with as many classes as the network has outputs; throws where the network has other inputs or lacks a class.
    /// </summary>
    internal static LabelledExamples Fit(Network network, string modelPath, LabelledExamples examples, string dataName)
    {
        if (examples.Features != network.InputSize)
        {
            throw new InputException(
                $"'{modelPath}' is a network {Format.Layers(network.Layers)} with {network.InputSize} inputs, "
                + $"but the examples of '{dataName}' have {examples.Features}");
        }

        if (examples.ClassCount > network.OutputSize)
        {
            throw new InputException(
                $"'{modelPath}' is a network {Format.Layers(network.Layers)} with {network.OutputSize} outputs, "
                + $"but '{dataName}' has {examples.ClassCount} classes");
        }

        return examples.ClassCount == network.OutputSize
            ? examples
            : new LabelledExamples(examples.Inputs.ToArray(), examples.Classes.ToArray(), examples.Features, network.OutputSize);
    }
}
