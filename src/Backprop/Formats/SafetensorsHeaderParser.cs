using System.Text.Json;
using System.Text.Unicode;
using Backprop.Data;

namespace Backprop.Formats;

/// <summary>Reads the JSON text of a safetensors header and refuses everything that the format or this library does not know.</summary>
/// <remarks>A ref struct around the JSON reader: one pass, nothing allocated but the entries.</remarks>
internal ref struct SafetensorsHeaderParser
{
    private const string ExpectedProperties = "dtype, shape and data_offsets";

    private readonly string _path;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private Utf8JsonReader _json;

    private SafetensorsHeaderParser(ReadOnlySpan<byte> text, string path)
    {
        _path = path;
        _json = new Utf8JsonReader(text);
    }

    /// <summary>
    /// The tensors in the order of their bytes, which together fill the data without gap or overlap, and the metadata.
    /// </summary>
    /// <param name="text">The JSON text.</param>
    /// <param name="dataLength">Bytes in the file after the header.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <exception cref="InvalidDataException">The text is not such a header; the message starts with the path.</exception>
    public static (IReadOnlyList<TensorEntry> Tensors, IReadOnlyDictionary<string, string> Metadata) Parse(
       ReadOnlySpan<byte> text, long dataLength, string path)
    {
        if (!Utf8.IsValid(text)) throw InputFile.Error(path, "header is not valid UTF-8; expected JSON text");
        try
        {
            var parser = new SafetensorsHeaderParser(text, path);
            List<TensorEntry> tensors = parser.ReadTensors();
            tensors.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
            CheckOffsets(tensors, dataLength, path);
            return (tensors, parser._metadata);
        }
        catch (JsonException problem)
        {
            throw InputFile.Error(path, $"header is not valid JSON at byte {problem.BytePositionInLine}; expected an object of tensors");
        }
        catch (InvalidOperationException)
        {
            // The JSON reader's way to say that an escape stands for half a surrogate pair.
            throw InputFile.Error(path, "header has a string that is not Unicode; expected names of tensors");
        }
    }

    private static void CheckOffsets(List<TensorEntry> tensors, long dataLength, string path)
    {
        long position = 0;
        foreach (TensorEntry tensor in tensors)
        {
            if (tensor.End > dataLength)
                throw OffsetError(path, tensor, $"; expected an end within the {dataLength} bytes that follow the header");
            if (tensor.Begin < position) throw OffsetError(path, tensor, $" overlap the tensor before; expected a begin of {position}");
            if (tensor.Begin > position) throw OffsetError(path, tensor, $" leave a hole before; expected a begin of {position}");
            position = tensor.End;
        }
        if (position < dataLength)
            throw InputFile.Error(path, $"{dataLength} bytes follow the header; expected {position}, as many as the tensors have");
    }

    private static InvalidDataException OffsetError(string path, TensorEntry tensor, string problem) =>
        InputFile.Error(path, $"tensor {InputFile.Quote(tensor.Name)}: data_offsets [{tensor.Begin}, {tensor.End}]{problem}");

    private List<TensorEntry> ReadTensors()
    {
        var tensors = new List<TensorEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        _json.Read();
        Expect(JsonTokenType.StartObject, "header", "an object of tensors");
        while (ReadProperty() is { } name)
        {
            if (!names.Add(name)) throw Error($"tensor {InputFile.Quote(name)} is there twice; expected each name once");
            if (name == SafetensorsHeader.Metadata)
                ReadMetadata();
            else
                tensors.Add(ReadTensor(name));
        }
        // Throws a JsonException if anything but white space follows.
        _json.Read();
        return tensors;
    }

    private void ReadMetadata()
    {
        Expect(JsonTokenType.StartObject, SafetensorsHeader.Metadata, "an object of strings");
        while (ReadProperty() is { } name)
        {
            Expect(JsonTokenType.String, SafetensorsHeader.Metadata, "values that are strings");
            _metadata[name] = _json.GetString()!;
        }
    }

    private TensorEntry ReadTensor(string name)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(JsonTokenType.StartObject, name, null, "an object");
        while (ReadProperty() is { } property)
        {
            switch (property)
            {
                case "dtype" when type is null:
                    type = ReadString(name, property);
                    break;
                case "shape" when shape is null:
                    shape = ReadIntegers(name, property);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadIntegers(name, property);
                    break;
                default:
                    throw Error($"{Place(name)}: property {InputFile.Quote(property)} is unknown or there twice; expected {ExpectedProperties}");
            }
        }
        if (type is null || shape is null || offsets is null)
            throw Error($"{Place(name)}: a property is missing; expected {ExpectedProperties}");
        CheckProperties(name, type, shape, offsets);
        return new TensorEntry(name, shape, offsets[0], offsets[1]);
    }

    private readonly void CheckProperties(string name, string type, List<long> shape, List<long> offsets)
    {
        if (type != SafetensorsHeader.DataType)
            throw Error($"{Place(name)}: dtype {InputFile.Quote(type)}; expected {SafetensorsHeader.DataType}");
        if (offsets.Count != 2 || offsets[0] > offsets[1])
            throw Error($"{Place(name)}: data_offsets {TensorEntry.ToText(offsets)}; expected [begin, end] with begin ≤ end");
        UInt128 bytes = sizeof(float);
        foreach (long size in shape)
        {
            bytes *= (UInt128)size;
            if (bytes > long.MaxValue) throw Error($"{Place(name)}: shape {TensorEntry.ToText(shape)}; expected fewer than 2⁶³ bytes");
        }
        if (bytes != (UInt128)(offsets[1] - offsets[0]))
            throw Error($"{Place(name)}: {offsets[1] - offsets[0]} bytes; expected {bytes} for shape {TensorEntry.ToText(shape)} of {type}");
    }

    /// <summary>Reads up to the value of the next property and returns its name; null at the end of the object.</summary>
    private string? ReadProperty()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject) return null;
        string name = _json.GetString()!;
        _json.Read();
        return name;
    }

    private readonly string ReadString(string name, string property)
    {
        Expect(JsonTokenType.String, name, property, "a string");
        return _json.GetString()!;
    }

    private List<long> ReadIntegers(string name, string property)
    {
        var integers = new List<long>();
        Expect(JsonTokenType.StartArray, name, property, "an array of whole numbers");
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            Expect(JsonTokenType.Number, name, property, "an array of whole numbers");
            if (!_json.TryGetInt64(out long integer) || integer < 0)
                throw Error($"{Place(name, property)}: element {integers.Count} is not a whole number of 0 … 2⁶³ − 1; expected one");
            integers.Add(integer);
        }
        return integers;
    }

    private readonly void Expect(JsonTokenType type, string what, string expected)
    {
        if (_json.TokenType != type) throw TokenError(what, expected);
    }

    /// <summary>The same in a property of a tensor, or in the tensor itself; where that is, is put into words for an error alone.</summary>
    private readonly void Expect(JsonTokenType type, string name, string? property, string expected)
    {
        if (_json.TokenType != type) throw TokenError(Place(name, property), expected);
    }

    private static string Place(string name, string? property = null) =>
        property is null ? $"tensor {InputFile.Quote(name)}" : $"tensor {InputFile.Quote(name)}: {property}";

    private readonly InvalidDataException TokenError(string what, string expected) =>
        Error($"{what}: JSON token {_json.TokenType}; expected {expected}");

    private readonly InvalidDataException Error(string problem) => InputFile.Error(_path, problem);
}
