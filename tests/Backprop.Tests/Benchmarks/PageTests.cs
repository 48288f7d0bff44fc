using Backprop.Benchmarks.Reports;
using Backprop.Tests.Data;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Backprop.Tests.Benchmarks;

/// <summary>The report's page as a person meets it, in a real browser.</summary>
public sealed class PageTests : IClassFixture<Browser>, IDisposable
{
    private static readonly Report Sample = PageReport.Create();

    private readonly Browser _browser;
    private readonly TempFolder _folder = new();
    private readonly string _path;

    // what the page complains of, and what it asks for besides itself
    private readonly List<string> _complaints = [], _requests = [];

    public PageTests(Browser browser)
    {
        _browser = browser;
        _path = Path.Combine(_folder.Path, "report.html");
        File.WriteAllText(_path, HtmlReport.Render(Sample));
    }

    public void Dispose() => _folder.Dispose();

    public static TheoryData<ColorScheme, int> Views => new()
    {
        { ColorScheme.Light, 1280 }, { ColorScheme.Dark, 1280 }, { ColorScheme.Light, 400 }, { ColorScheme.Dark, 400 },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task It_opens_without_a_complaint_or_a_request_and_fits_its_window(ColorScheme scheme, int width)
    {
        IPage page = await OpenAsync(scheme, width);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        // what is first to be read is not to be looked for by scrolling
        Assert.True(await page.Locator("#verdict > .scroll").EvaluateAsync<bool>("table => table.scrollWidth <= table.clientWidth"));
        bool dark = await page.EvaluateAsync<int>("Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])") < 128;
        Assert.Equal(scheme == ColorScheme.Dark, dark);
        Assert.Empty(_complaints);
        Assert.Equal([new Uri(_path).AbsoluteUri], _requests);
        await page.CloseAsync();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task It_has_no_barrier_that_axe_finds(ColorScheme scheme, int width)
    {
        IPage page = await OpenAsync(scheme, width);
        var result = await page.RunAxe();
        Assert.Empty(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {node.Html}")));
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_first_screen_says_which_width_to_use_and_what_is_left()
    {
        IPage page = await OpenAsync();
        ILocator first = page.Locator(".cards .card").First;
        await Assertions.Expect(first).ToContainTextAsync("v512");
        await Assertions.Expect(page.Locator(".verdicts tbody tr")).ToHaveCountAsync(4);
        await Assertions.Expect(page.Locator(".verdicts")).ToBeInViewportAsync();
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_table_is_sorted_from_the_keyboard_and_tells_a_screen_reader()
    {
        IPage page = await OpenAsync();
        ILocator rows = page.Locator("#rows tbody tr"), header = page.Locator("#rows thead th").Nth(4);
        string[] original = await Cells(rows, 4);
        await page.GetByRole(AriaRole.Button, new() { Name = "time", Exact = true }).FocusAsync();

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(header).ToHaveAttributeAsync("aria-sort", "ascending");
        double[] times = [.. Sample.Rows.Select(row => row.MedianNs)];
        Assert.Equal(times.Order().Select(Units.Time), await Cells(rows, 4));

        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(header).ToHaveAttributeAsync("aria-sort", "descending");
        Assert.Equal(times.OrderDescending().Select(Units.Time), await Cells(rows, 4));

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#rows [aria-sort]")).ToHaveCountAsync(0);
        Assert.Equal(original, await Cells(rows, 4));

        // another column by another key path: the button before the one of time
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("2", (await Cells(rows, 3))[0]);
        Assert.Empty(_complaints);
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_table_is_filtered_from_the_keyboard_by_words_that_must_all_be_there()
    {
        IPage page = await OpenAsync();
        ILocator shown = page.Locator("#rows tbody tr:visible"), count = page.GetByRole(AriaRole.Status);
        int all = Sample.Rows.Count;
        await Assertions.Expect(count).ToHaveTextAsync($"{all} of {all} rows");

        await page.GetByLabel("Filter the rows").FocusAsync();
        await page.Keyboard.TypeAsync("V512 exp");
        await Assertions.Expect(shown).ToHaveCountAsync(5);
        await Assertions.Expect(count).ToHaveTextAsync($"5 of {all} rows");
        Assert.All(await Cells(shown, 2), level => Assert.Equal("v512", level));

        // what is filtered can be sorted, and stays filtered
        await page.GetByRole(AriaRole.Button, new() { Name = "shape", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(["10000000", "100000", "1000", "100", "8"], await Cells(shown, 1));

        await page.GetByLabel("Filter the rows").FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(shown).ToHaveCountAsync(all);
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_focus_can_be_seen()
    {
        IPage page = await OpenAsync();
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("solid", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_download_is_the_report()
    {
        IPage page = await OpenAsync();
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#json").ClickAsync());
        Assert.Equal("report.json", download.SuggestedFilename);
        string saved = Path.Combine(_folder.Path, "saved.json");
        await download.SaveAsAsync(saved);
        Assert.Equal(JsonReport.Render(Sample), await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken));
        await page.CloseAsync();
    }

    [Fact]
    public async Task A_mark_says_what_it_is_and_a_level_can_be_hidden()
    {
        IPage page = await OpenAsync();
        ILocator marks = page.Locator("#roofline .mark.v128:visible"), tip = page.Locator("#tip");
        await Assertions.Expect(tip).ToBeHiddenAsync();
        await marks.First.HoverAsync();
        await Assertions.Expect(tip).ToContainTextAsync("v128");
        int before = await marks.CountAsync();
        Assert.True(before > 0);
        ILocator box = page.Locator("#roofline").GetByLabel("v128");
        await box.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(marks).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(marks).ToHaveCountAsync(before);
        await page.CloseAsync();
    }

    [Fact]
    public async Task On_paper_it_is_light_and_without_controls()
    {
        // the width of A4 without margins, at 96 pixels an inch
        IPage page = await OpenAsync(ColorScheme.Dark, width: 718);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal(718, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await Assertions.Expect(page.Locator("#filter")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#rows tbody tr").Last).ToBeVisibleAsync();
        await page.CloseAsync();
    }

    private async Task<IPage> OpenAsync(ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        IPage page = await _browser.OpenAsync(scheme, width);
        page.Console += (_, message) => _complaints.Add(message.Text);
        page.PageError += (_, message) => _complaints.Add(message);
        page.Request += (_, request) => _requests.Add(request.Url);
        await page.GotoAsync(new Uri(_path).AbsoluteUri);
        return page;
    }

    private static async Task<string[]> Cells(ILocator rows, int column) =>
        await rows.EvaluateAllAsync<string[]>("(rows, column) => rows.map(row => row.cells[column].textContent)", column);
}
