import CLinux

/// The current time in the form of RFC 9110 section 5.6.7, made once a second.
struct HTTPDate {
    private(set) var line: [UInt8] = []
    private var second: Int64 = -1
    private var checkedAt: UInt64 = 0

    /// `Date: …` with its CRLF. `now` is the loop's clock in nanoseconds.
    mutating func line(at now: UInt64) -> [UInt8] {
        if line.isEmpty || now &- checkedAt >= 200_000_000 {
            checkedAt = now
            let current = postern_realtime_s()
            if current != second {
                second = current
                line = Self.format(current)
            }
        }
        return line
    }

    /// IMF-fixdate of seconds since 1970, as a field line.
    static func format(_ seconds: Int64) -> [UInt8] {
        let days = seconds / 86400
        let time = seconds % 86400
        let weekdays: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months: [StaticString] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let date = CivilDate(daysSince1970: days)
        var text = Array("Date: \(weekdays[Int(days % 7)]), ".utf8)
        text += twoDigits(date.day) + [32] + Array("\(months[date.month - 1]) \(date.year) ".utf8)
        text += twoDigits(Int(time / 3600)) + [58] + twoDigits(Int(time / 60 % 60)) + [58] + twoDigits(Int(time % 60))
        return text + Array(" GMT\r\n".utf8)
    }

    private static func twoDigits(_ value: Int) -> [UInt8] {
        [UInt8(48 + value / 10 % 10), UInt8(48 + value % 10)]
    }
}

/// A day of the proleptic Gregorian calendar.
private struct CivilDate {
    var year: Int
    var month: Int
    var day: Int

    init(daysSince1970: Int64) {
        // Counted in eras of 400 years that begin on the first of March, so that the leap day is the last of its year.
        let shifted = daysSince1970 + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
    }
}
