using Microsoft.Playwright;
using Xunit;

namespace Backprop.Tests.Benchmarks;

/// <summary>The machine's own Chromium, started once; null where there is none.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] s_paths =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (s_paths.FirstOrDefault(File.Exists) is not string path)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync",
            ],
        });
        // the machine may be busy with the other tests
        Assertions.SetDefaultExpectTimeout(60_000);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A page of its own; where there is no browser the test is skipped and says so.</summary>
    public async Task<IPage> OpenAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280, int height = 900)
    {
        if (_browser is null)
            Assert.Skip($"needs Chromium: none of {string.Join(", ", s_paths)} is there");
        IPage page = await _browser.NewPageAsync(
            new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = height } });
        page.SetDefaultTimeout(60_000);
        return page;
    }
}
