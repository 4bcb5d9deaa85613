import Foundation

/// `strftime_now`: Python's `strftime` with English names, in the local time zone, of a time that names no zone.
struct JinjaTime {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    private let year, month, day, hour, minute, second, microsecond: Int
    /// From Sunday as 0; days of the year count from 0 too.
    private let weekday, dayOfYear: Int

    private init(_ date: Date, _ timeZone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        (year, month, day) = (parts.year ?? 0, parts.month ?? 1, parts.day ?? 1)
        (hour, minute, second) = (parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
        (weekday, dayOfYear) = (
            (parts.weekday ?? 1) - 1, (calendar.ordinality(of: .day, in: .year, for: date) ?? 1) - 1
        )
        let seconds = date.timeIntervalSince1970
        microsecond = Int((seconds - seconds.rounded(.down)) * 1e6)
    }

    static func format(_ date: Date, _ format: String, timeZone: TimeZone = .current) -> String {
        JinjaTime(date, timeZone).text(format)
    }

    private func text(_ format: String) -> String {
        var result = ""
        var rest = Array(format.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            guard scalar == "%", let next = rest.popFirst() else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let flag: Unicode.Scalar? = "-_0^".unicodeScalars.contains(next) ? next : nil
            let directive = flag == nil ? next : rest.popFirst()
            if let directive, let text = text(of: directive, flag) {
                result += flag == "^" ? text.uppercased() : text
            } else {
                result += "%" + [flag, directive].compactMap { $0.map { String(Character($0)) } }.joined()
            }
        }
        return result
    }

    /// Nil for what is no directive, which stands for itself.
    private func text(of directive: Unicode.Scalar, _ flag: Unicode.Scalar?) -> String? {
        if let (number, width, pad) = number(directive) {
            let digits = "\(number)"
            let filler = flag == "_" ? " " : flag == "0" ? "0" : pad
            return flag == "-" ? digits : String(repeating: filler, count: max(width - digits.utf8.count, 0)) + digits
        }
        switch directive {
        case "p": return hour < 12 ? "AM" : "PM"
        case "P": return hour < 12 ? "am" : "pm"
        case "B": return Self.months[month - 1]
        case "b", "h": return String(Self.months[month - 1].prefix(3))
        case "A": return Self.days[weekday]
        case "a": return String(Self.days[weekday].prefix(3))
        case "F": return text("%Y-%m-%d")
        case "T", "X": return text("%H:%M:%S")
        case "D", "x": return text("%m/%d/%y")
        case "R": return text("%H:%M")
        case "r": return text("%I:%M:%S %p")
        case "c": return text("%a %b %e %H:%M:%S %Y")
        case "n": return "\n"
        case "t": return "\t"
        case "%": return "%"
        case "z", "Z": return ""
        default: return nil
        }
    }

    /// The number that a directive stands for, its width, and what it is filled with.
    private func number(_ directive: Unicode.Scalar) -> (number: Int, width: Int, pad: String)? {
        switch directive {
        case "Y": (year, 4, "0")
        case "C": (year / 100, 2, "0")
        case "y": (year % 100, 2, "0")
        case "m": (month, 2, "0")
        case "d": (day, 2, "0")
        case "e": (day, 2, " ")
        case "H": (hour, 2, "0")
        case "k": (hour, 2, " ")
        case "I": ((hour + 11) % 12 + 1, 2, "0")
        case "l": ((hour + 11) % 12 + 1, 2, " ")
        case "M": (minute, 2, "0")
        case "S": (second, 2, "0")
        case "f": (microsecond, 6, "0")
        case "j": (dayOfYear + 1, 3, "0")
        case "w": (weekday, 1, "0")
        case "u": (weekday == 0 ? 7 : weekday, 1, "0")
        case "U": ((dayOfYear + 7 - weekday) / 7, 2, "0")
        case "W": ((dayOfYear + 7 - (weekday + 6) % 7) / 7, 2, "0")
        case "V": (isoWeek.week, 2, "0")
        case "G": (isoWeek.year, 4, "0")
        case "g": (isoWeek.year % 100, 2, "0")
        default: nil
        }
    }

    /// ISO 8601: a week belongs to the year that its Thursday lies in.
    private var isoWeek: (year: Int, week: Int) {
        func days(in year: Int) -> Int { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365 }
        let thursday = dayOfYear - (weekday + 6) % 7 + 3
        if thursday < 0 { return (year - 1, (thursday + days(in: year - 1)) / 7 + 1) }
        if thursday >= days(in: year) { return (year + 1, (thursday - days(in: year)) / 7 + 1) }
        return (year, thursday / 7 + 1)
    }
}
