/// Days and times of the proleptic Gregorian calendar as ISO 8601 writes them, for every value that 64 bits have.
enum CivilTime {
    private static let daySeconds = 86_400
    /// The Julian number of 1 January 1970.
    private static let epochJulianDay = 2_440_588

    /// - Parameter days: since 1 January 1970.
    static func date(days: Int) -> String {
        // Years begin in March here, so that the day that not all have is the last one; 400 of them are an era.
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        let sign = year < 0 ? "-" : year > 9999 ? "+" : ""
        return "\(sign)\(padded(abs(year), 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// - Throws: ``Fault`` for what is not within a day.
    static func time(_ value: Int, _ unit: Annotation.Unit) throws -> String {
        guard value >= 0, value < daySeconds * unit.perSecond else {
            throw Fault.damaged("a time of \(value) units is not within a day")
        }
        return timeText(value, unit)
    }

    /// - Parameter value: since 1 January 1970, in the unit.
    static func timestamp(_ value: Int, _ unit: Annotation.Unit, isUTC: Bool) -> String {
        let dayUnits = daySeconds * unit.perSecond
        let days = floorDivide(value, dayUnits)
        // Wrapping: the first day of the smallest value begins below what 64 bits have.
        return date(days: days) + "T" + timeText(value &- days &* dayUnits, unit) + (isUTC ? "Z" : "")
    }

    /// Nanoseconds within a day in eight bytes, and the day's Julian number in four, the lowest byte first.
    static func julianTimestamp(_ bytes: [UInt8]) throws -> String {
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) } }
        guard bytes.count == 12, let nanoseconds = Int(exactly: number(0..<8)) else {
            throw Fault.damaged("a time that is not within a day")
        }
        let day = Int(Int32(truncatingIfNeeded: number(8..<12)))
        return date(days: day - epochJulianDay) + "T" + (try time(nanoseconds, .nano))
    }

    /// Of a time within a day.
    private static func timeText(_ value: Int, _ unit: Annotation.Unit) -> String {
        let (seconds, fraction) = value.quotientAndRemainder(dividingBy: unit.perSecond)
        return "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
            + ".\(padded(fraction, unit.rawValue))"
    }

    private static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
    }
}

extension Annotation.Unit {
    /// Units in a second.
    fileprivate var perSecond: Int {
        switch self {
        case .milli: 1000
        case .micro: 1_000_000
        case .nano: 1_000_000_000
        }
    }
}
