using System.Security.Cryptography;
using Backprop.Data;
using Backprop.Kernels;
using Backprop.Networks;
using Backprop.Training;

namespace Backprop.Formats;

/// <summary>
/// Checkpoints of a training as safetensors files: saved after an epoch or after a cancelled <see cref="Trainer.Train"/>, and loaded into a
/// trainer with the same options, <see cref="Trainer.Train"/> goes on to the same bits as if it had never stopped.
/// </summary>
/// <remarks>
/// <para>Tensors: the parameters as <see cref="SafetensorsModel"/> names them; with a prefix <c>velocity.</c>, <c>mean.</c> or <c>square.</c>
/// what the optimiser remembers, and with <c>best.</c> the parameters of the best epoch; <c>sha256</c>, the last 32 bytes of the file, is the
/// digest of all bytes before it. Metadata: format, layer sizes, every option that decides about bits, the digests of the examples, where the
/// epoch under way stands, one report for each finished epoch, and the caller's notes. The order of the examples follows from the seed and
/// the epoch.</para>
/// <para>A file is written beside the path, flushed to the disk and renamed over it: a process or a machine that stops at any moment leaves
/// the last good checkpoint, and at worst a temporary file <c>.NAME.xxxxxxxx.xxx.tmp</c>, which the next save to the same path deletes.</para>
/// <para>A trainer is saved and loaded by one thread at a time, as it trains.</para>
/// </remarks>
public static class Checkpoint
{
    internal const string DigestName = "sha256";
    private const string BestPrefix = "best.";

    /// <summary>Writes where a training stands.</summary>
    /// <param name="trainer">A trainer whose <see cref="Trainer.Train"/> has begun; not between two steps of the caller's own.</param>
    /// <param name="path">The file to write or to replace; its folder must exist.</param>
    /// <param name="notes">Anything the caller wants back from <see cref="Load"/>.</param>
    /// <exception cref="InvalidOperationException">The training has not begun.</exception>
    /// <exception cref="IOException">Writing failed, or the path is a folder or a device. The message starts with the path.</exception>
    /// <exception cref="UnauthorizedAccessException">The path may not be written. The message starts with it.</exception>
    public static void Save(Trainer trainer, string path, IReadOnlyDictionary<string, string>? notes = null)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        if (trainer.State.Training is null)
            throw new InvalidOperationException("trainer: expected one whose Train has begun: there is nothing to go on from yet");
        SortedDictionary<string, string> metadata = CheckpointFields.Format(trainer, notes ?? new Dictionary<string, string>());
        AtomicFile.Write(path, stream => Write(trainer, metadata, stream));
    }

    /// <summary>
    /// Puts a trainer and its network where the training stood; whether the examples are the same shows at the next <see cref="Trainer.Train"/>.
    /// Where anything is wrong, nothing changes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="trainer">A trainer of a network with the same layers, with the same options but for the threads.</param>
    /// <returns>The notes of <see cref="Save"/>.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or no checkpoint. The message starts with the path.</exception>
    /// <exception cref="ArgumentException">The checkpoint is of other layers or options; the message names them.</exception>
    public static IReadOnlyDictionary<string, string> Load(string path, Trainer trainer)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        using SafetensorsReader reader = SafetensorsReader.Open(path);
        Dictionary<string, TensorEntry> tensors = reader.ByName();
        CheckDigest(path, reader.Tensors);
        var fields = new CheckpointFields(reader.Metadata, path);
        fields.RequireSame(trainer);
        (TrainingState state, int updates) = fields.ReadState();
        Network network = trainer.Network;
        List<string> prefixes = ["", .. trainer.Memory.States.Select(memory => memory.Name + ".")];
        if (state.Best.Epoch > 0) prefixes.Add(BestPrefix);
        CheckTensors(tensors, prefixes, network.Layout, path);

        List<float[]> blocks = [];
        foreach (string prefix in prefixes)
        {
            float[] block = new float[network.Layout.Length];
            ParameterTensors.Read(reader, tensors, prefix, network.Layout, block);
            blocks.Add(block);
        }
        Apply(trainer, state, updates, blocks);
        return fields.Notes;
    }

    private static void Apply(Trainer trainer, TrainingState state, int updates, List<float[]> blocks)
    {
        blocks[0].CopyTo(trainer.Network.MutableParameters);
        int next = 1;
        foreach ((_, AlignedBuffer memory) in trainer.Memory.States) blocks[next++].CopyTo(memory.Span);
        if (state.Best.Epoch > 0) state.BestParameters = blocks[next];
        trainer.Memory.GoTo(updates);
        trainer.GoOnFrom(state);
    }

    private static void Write(Trainer trainer, SortedDictionary<string, string> metadata, Stream stream)
    {
        ParameterLayout layout = trainer.Network.Layout;
        List<(string Name, long[] Shape)> tensors = ParameterTensors.List("", layout);
        foreach ((string name, _) in trainer.Memory.States) tensors.AddRange(ParameterTensors.List(name + ".", layout));
        bool hasBest = trainer.State.Best.Epoch > 0;
        if (hasBest) tensors.AddRange(ParameterTensors.List(BestPrefix, layout));
        tensors.Add((DigestName, [Sha256.DigestLength / sizeof(float)]));

        using Sha256 hash = new();
        using (var hashed = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true))
        {
            var writer = new SafetensorsWriter(hashed, tensors, metadata);
            ParameterTensors.Write(writer, layout, trainer.Network.MutableParameters);
            foreach ((_, AlignedBuffer memory) in trainer.Memory.States) ParameterTensors.Write(writer, layout, memory.Span);
            if (hasBest) ParameterTensors.Write(writer, layout, trainer.State.BestParameters);
        }
        stream.Write(hash.Hash);
    }

    private static void CheckDigest(string path, IReadOnlyList<TensorEntry> tensors)
    {
        if (tensors.Count == 0 || tensors[^1].Name != DigestName || tensors[^1].End - tensors[^1].Begin != Sha256.DigestLength)
            throw InputFile.Error(path, $"no tensor {DigestName} at the end; expected a checkpoint");
        using FileStream stream = InputFile.Open(path);
        using Sha256 hash = new();
        byte[] buffer = new byte[1 << 16];
        for (long left = stream.Length - Sha256.DigestLength; left > 0;)
        {
            int count = (int)Math.Min(left, buffer.Length);
            stream.ReadExactly(buffer, 0, count);
            hash.Append(buffer.AsSpan(0, count));
            left -= count;
        }
        stream.ReadExactly(buffer, 0, Sha256.DigestLength);
        if (!hash.Finish().AsSpan().SequenceEqual(buffer.AsSpan(0, Sha256.DigestLength)))
            throw InputFile.Error(path, "the digest at the end is not that of the bytes before it; expected an undamaged checkpoint");
    }

    private static void CheckTensors(
        Dictionary<string, TensorEntry> tensors, IEnumerable<string> prefixes, ParameterLayout layout, string path)
    {
        int expected = 1;
        foreach ((string name, long[] shape) in prefixes.SelectMany(prefix => ParameterTensors.List(prefix, layout)))
        {
            if (!tensors.TryGetValue(name, out TensorEntry? tensor) || !tensor.Shape.SequenceEqual(shape))
                throw InputFile.Error(path, $"tensor {name}: {tensor?.ShapeText ?? "missing"}; expected {TensorEntry.ToText(shape)}");
            expected++;
        }
        if (tensors.Count != expected) throw InputFile.Error(path, $"{tensors.Count} tensors; expected {expected}");
    }
}
