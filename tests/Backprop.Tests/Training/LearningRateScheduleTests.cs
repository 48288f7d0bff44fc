using Backprop.Training;
using Xunit;

namespace Backprop.Tests.Training;

public class LearningRateScheduleTests
{
    private const int Epochs = 200;

    /// <summary>Formulas of the documentation with the platform's functions; a rate is rounded to float, and 10⁻¹⁵ is below that.</summary>
    [Fact]
    public void The_rates_are_those_of_the_formulas()
    {
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            int t = epoch - 1;
            AssertRate(0.3, LearningRateSchedule.Constant, epoch);
            AssertRate(0.3 * Math.Pow(0.5, t / 7), LearningRateSchedule.Step(7, 0.5f), epoch);
            AssertRate(0.3 * Math.Pow(0.9375, t), LearningRateSchedule.Exponential(0.9375f), epoch);
            AssertRate(0.3 * (1 + Math.Cos(Math.PI * t / Epochs)) / 2, LearningRateSchedule.Cosine(), epoch);
            AssertRate(0.3 * (0.25 + 0.75 * (1 + Math.Cos(Math.PI * t / Epochs)) / 2), LearningRateSchedule.Cosine(0.25f), epoch);
        }
    }

    [Fact]
    public void A_warm_up_rises_step_by_step_and_puts_the_schedule_off()
    {
        LearningRateSchedule[] schedules =
        [
            LearningRateSchedule.Constant, LearningRateSchedule.Step(7, 0.5f), LearningRateSchedule.Exponential(0.9f),
            LearningRateSchedule.Cosine(0.125f),
        ];
        foreach (LearningRateSchedule schedule in schedules)
        {
            LearningRateSchedule warm = schedule.WithWarmUp(3);
            for (int epoch = 1; epoch <= 3; epoch++)
                for (int step = 1; step <= 5; step++)
                    Assert.Equal((float)(0.3f * (((epoch - 1) * 5 + step) / 15.0)), warm.Rate(0.3f, Epochs, epoch, step, 5));
            Assert.Equal(0.3f, warm.Rate(0.3f, Epochs, 3, 5, 5));
            for (int epoch = 4; epoch <= Epochs; epoch++)
                Assert.Equal(schedule.Rate(0.3f, Epochs - 3, epoch - 3), warm.Rate(0.3f, Epochs, epoch, step: 2, stepsPerEpoch: 5));
        }
    }

    /// <summary>The same bits on every platform: changing one takes a decision record.</summary>
    [Fact]
    public void The_rates_are_these_bits()
    {
        uint hash = 2166136261;
        LearningRateSchedule[] schedules = [LearningRateSchedule.Cosine(0.1f), LearningRateSchedule.Exponential(0.97f).WithWarmUp(10)];
        foreach (LearningRateSchedule schedule in schedules)
            for (int epoch = 1; epoch <= Epochs; epoch++)
                hash = (hash ^ BitConverter.SingleToUInt32Bits(schedule.Rate(0.7f, Epochs, epoch, step: 3, stepsPerEpoch: 11))) * 16777619;
        Assert.Equal(392431711u, hash);
    }

    [Fact]
    public void A_schedule_is_written_as_on_the_command_line()
    {
        Assert.Equal("constant", LearningRateSchedule.Constant.ToString());
        Assert.Equal("step:10:0.5", LearningRateSchedule.Step(10, 0.5f).ToString());
        Assert.Equal("exponential:0.95 warm-up:3", LearningRateSchedule.Exponential(0.95f).WithWarmUp(3).ToString());
        Assert.Equal("cosine:0", LearningRateSchedule.Cosine().ToString());
        Assert.Equal(LearningRateSchedule.Step(10, 0.5f), LearningRateSchedule.Step(10, 0.5f));
        Assert.NotEqual(LearningRateSchedule.Step(10, 0.5f), LearningRateSchedule.Step(11, 0.5f));
    }

    [Fact]
    public void A_factor_of_one_changes_nothing()
    {
        foreach (LearningRateSchedule schedule in
                 new[] { LearningRateSchedule.Step(1, 1), LearningRateSchedule.Exponential(1), LearningRateSchedule.Cosine(1) })
            Assert.Equal(0.3f, schedule.Rate(0.3f, Epochs, Epochs));
    }

    [Fact]
    public void Refuses_numbers_out_of_range()
    {
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => LearningRateSchedule.Step(0, 0.5f));
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => LearningRateSchedule.Constant.WithWarmUp(-1));
        foreach (float factor in new[] { 0, -1, 1.5f, float.NaN })
        {
            Assert.Throws<ArgumentOutOfRangeException>("factor", () => LearningRateSchedule.Step(1, factor));
            Assert.Throws<ArgumentOutOfRangeException>("factor", () => LearningRateSchedule.Exponential(factor));
        }

        foreach (float final in new[] { -0.1f, 1.5f, float.NaN })
            Assert.Throws<ArgumentOutOfRangeException>("final", () => LearningRateSchedule.Cosine(final));
    }

    // Half a unit in the last place of a float below 0.5, and as much again for 0.3 itself.
    private static void AssertRate(double expected, LearningRateSchedule schedule, int epoch) =>
        Assert.Equal(expected, schedule.Rate(0.3f, Epochs, epoch), 2.0 / (1 << 25));
}
