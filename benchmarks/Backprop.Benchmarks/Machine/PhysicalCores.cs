using System.Globalization;

namespace Backprop.Benchmarks.Machine;

/// <summary>Cores of the machine, those that share a core's units counted once.</summary>
internal static class PhysicalCores
{
    private const string LinuxFolder = "/sys/devices/system/cpu";

    public static int Count() => Count(LinuxFolder);

    /// <summary>Counts different packages and cores in the files that Linux describes processors in; 0 where there are none.</summary>
    public static int Count(string folder)
    {
        if (!Directory.Exists(folder))
            return 0;
        return Directory.EnumerateDirectories(folder, "cpu*")
            .Select(cpu => Path.Combine(cpu, "topology"))
            .Where(Directory.Exists)
            .Select(topology => (Package: Read(topology, "physical_package_id"), Core: Read(topology, "core_id")))
            .Where(place => place.Core >= 0)
            .Distinct()
            .Count();
    }

    private static int Read(string folder, string file)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(folder, file));
            return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : -1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }
}
