using System.Runtime.InteropServices;
using Backprop.Benchmarks.Cases;
using Google.Protobuf;

namespace Backprop.Peers.Onnx;

/// <summary>
/// The forward pass of a network as an ONNX model: Gemm and Sigmoid a hidden layer, Gemm and Softmax for the last. Field numbers are
/// those of onnx.proto3.
/// </summary>
internal static class OnnxModel
{
    public const string Input = "input", Output = "output";

    private const int IrVersion = 8, OperatorSet = 13, FloatType = 1;

    public static byte[] Create(PredictCase problem) => Message(model =>
    {
        model.Number(1, IrVersion);
        model.Message(7, graph => WriteGraph(graph, problem));
        model.Message(8, operators => operators.Number(2, OperatorSet));
    });

    private static void WriteGraph(MessageWriter graph, PredictCase problem)
    {
        string activations = Input;
        for (int layer = 1; layer <= problem.Depth; layer++)
        {
            bool last = layer == problem.Depth;
            string z = $"z{layer}", next = last ? Output : $"a{layer}";
            WriteNode(graph, "Gemm", [activations, $"weights{layer}", $"biases{layer}"], z);
            WriteNode(graph, last ? "Softmax" : "Sigmoid", [z], next);
            activations = next;
        }
        graph.Text(2, "network");
        for (int layer = 1; layer <= problem.Depth; layer++)
        {
            int outputs = problem.Layers[layer];
            WriteTensor(graph, $"weights{layer}", problem.Weights[layer - 1], problem.Layers[layer - 1], outputs);
            WriteTensor(graph, $"biases{layer}", problem.Biases[layer - 1], outputs);
        }
        WriteValue(graph, 11, Input, problem.Batch, problem.Inputs);
        WriteValue(graph, 12, Output, problem.Batch, problem.Outputs);
    }

    private static void WriteNode(MessageWriter graph, string operation, string[] inputs, string output) => graph.Message(1, node =>
    {
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, output);
        node.Text(4, operation);
    });

    private static void WriteTensor(MessageWriter graph, string name, Operand values, params int[] sizes) => graph.Message(5, tensor =>
    {
        foreach (int size in sizes)
            tensor.Number(1, size);
        tensor.Number(2, FloatType);
        tensor.Text(8, name);
        tensor.Bytes(9, MemoryMarshal.AsBytes(values.AsSpan()));
    });

    private static void WriteValue(MessageWriter graph, int field, string name, params int[] sizes) => graph.Message(field, value =>
    {
        value.Text(1, name);
        value.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Number(1, FloatType);
            tensor.Message(2, shape =>
            {
                foreach (int size in sizes)
                    shape.Message(1, dimension => dimension.Number(1, size));
            });
        }));
    });

    private static byte[] Message(Action<MessageWriter> write)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true))
            write(new MessageWriter(output));
        return stream.ToArray();
    }

    // one message that is being written, field by field
    private sealed class MessageWriter(CodedOutputStream output)
    {
        public void Number(int field, long value)
        {
            output.WriteTag(field, WireFormat.WireType.Varint);
            output.WriteInt64(value);
        }

        public void Text(int field, string value)
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteString(value);
        }

        public void Bytes(int field, ReadOnlySpan<byte> value)
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(value));
        }

        public void Message(int field, Action<MessageWriter> write) => Bytes(field, OnnxModel.Message(write));
    }
}
