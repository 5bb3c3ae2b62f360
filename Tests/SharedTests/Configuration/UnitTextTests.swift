import Testing

@testable import Shared

@Suite("durations and sizes as text")
struct UnitTextTests {
    @Test(
        "a duration is a whole number and a unit",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("10s", .seconds(10)), ("1m", .seconds(60)), ("1h", .seconds(3600)),
            ("2d", .seconds(172_800)), ("0s", .zero),
        ])
    func durations(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
        #expect(DurationText.format(duration) == text)
    }

    @Test(
        "other texts are no durations",
        arguments: [
            "", "10", "s", "1.5s", "-1s", "+1s", "1 s", "1S", "1sec", "1s1", "١s", "9223372036854775807d",
            "99999999999999999999s",
        ])
    func noDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test("a duration is shown in the largest unit that fits")
    func format() {
        #expect(DurationText.format(.seconds(90)) == "90s")
        #expect(DurationText.format(.milliseconds(1500)) == "1500ms")
        #expect(DurationText.format(.seconds(86_400)) == "1d")
    }

    @Test(
        "a size is a whole number and a unit, or bytes",
        arguments: [
            ("0", 0), ("1234", 1234), ("12B", 12), ("1kB", 1000), ("64KiB", 65_536), ("1MB", 1_000_000),
            ("1MiB", 1_048_576),
            ("2GiB", 2_147_483_648),
        ])
    func sizes(text: String, bytes: Int) {
        #expect(ByteSizeText.parse(text) == bytes)
    }

    @Test(
        "other texts are no sizes",
        arguments: ["", "MiB", "1mb", "1 MiB", "1.5MiB", "-1", "0x10", "9223372036854775807KiB"])
    func noSizes(text: String) {
        #expect(ByteSizeText.parse(text) == nil)
    }
}
