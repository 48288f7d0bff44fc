using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Backprop.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Backprop.Tests.Documentation;

/// <summary>The program in the README compiles as it stands there, runs, and prints what the README says it prints.</summary>
[Collection(ProcessWide.Name)]
public class ReadmeExampleTests
{
    private const int MostLines = 25;

    [Theory]
    [InlineData(".", 0)]
    [InlineData(",", 1)]
    public void The_example_compiles_runs_and_learns_and_prints_the_same_in_every_culture(string decimalSeparator, int percentPattern)
    {
        string code = Block("csharp");
        Assert.InRange(code.Split('\n').Count(line => line.Trim().Length > 0), 1, MostLines);

        CultureInfo culture = CreateCulture(decimalSeparator, percentPattern);
        string[] printed = Run(Compile(code), culture).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string[] promised = Block("text").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(promised, printed.Select(line => line.TrimEnd()).TakeLast(promised.Length));
    }

    /// <summary>A culture by its habits: named ones are not there where globalization is invariant, as in these tests.</summary>
    private static CultureInfo CreateCulture(string decimalSeparator, int percentPattern)
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = decimalSeparator;
        culture.NumberFormat.PercentDecimalSeparator = decimalSeparator;
        culture.NumberFormat.PercentPositivePattern = percentPattern;
        return culture;
    }

    /// <summary>The first fenced block of a language in the README.</summary>
    private static string Block(string language)
    {
        string readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        Match match = Fence(language).Match(readme);
        Assert.True(match.Success, $"README.md has no block of {language}");
        return match.Groups[1].Value;
    }

    private static Regex Fence(string language) => new($"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline);

    private static Assembly Compile(string code)
    {
        const string implicitUsings = "global using System; global using System.Linq;";
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        CSharpCompilation compilation = CSharpCompilation.Create(
            "ReadmeExample",
            [CSharpSyntaxTree.ParseText(implicitUsings), CSharpSyntaxTree.ParseText(code)],
            trusted.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)));
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assembly.Load(image.ToArray());
    }

    /// <summary>Runs the program in a folder of its own, where it may leave its model, and returns what it prints.</summary>
    private static string Run(Assembly program, CultureInfo culture)
    {
        TextWriter consoleBefore = Console.Out;
        CultureInfo cultureBefore = CultureInfo.CurrentCulture;
        string folderBefore = Directory.GetCurrentDirectory();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("readme-");
        using StringWriter output = new();
        try
        {
            Console.SetOut(output);
            CultureInfo.CurrentCulture = culture;
            Directory.SetCurrentDirectory(folder.FullName);
            program.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            CultureInfo.CurrentCulture = cultureBefore;
            Directory.SetCurrentDirectory(folderBefore);
            Console.SetOut(consoleBefore);
            folder.Delete(recursive: true);
        }
        return output.ToString();
    }
}
