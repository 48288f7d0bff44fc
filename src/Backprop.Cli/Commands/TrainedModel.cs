using Backprop.Cli.Output;
using Backprop.Formats;
using Backprop.Networks;

namespace Backprop.Cli.Commands;

/// <summary>Where a trained network was saved.</summary>
internal sealed record TrainedModel(string Path, bool IsWhereAsked)
{
    /// <summary>
    /// Saves a network where it was asked for or, since training may have taken hours, wherever else a file can be: the current folder, then
    /// the folder for temporary files. Throws only if all fail.
    /// </summary>
    internal static TrainedModel Save(Network network, string path, TextWriter errors)
    {
        try
        {
            SafetensorsModel.Save(network, path);
            return new TrainedModel(path, true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            string other = SaveElsewhere(network, System.IO.Path.GetFileName(path), problem);
            errors.WriteLine(Format.OneLine($"backprop: {problem.Message}; the trained network is in {other}"));
            return new TrainedModel(other, false);
        }
    }

    private static string SaveElsewhere(Network network, string name, Exception first)
    {
        foreach (string folder in new[] { "", System.IO.Path.GetTempPath() })
        {
            string path = OutputFile.FirstFree(System.IO.Path.Join(folder, name));
            try
            {
                SafetensorsModel.Save(network, path);
                return path;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // The next folder, or the first failure.
            }
        }

        throw new IOException(first.Message, first);
    }
}
