import Foundation

/// `strftime_now`: Python's `strftime` with English names, in the local time zone.
enum JinjaTime {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    static func format(_ date: Date, _ format: String, timeZone: TimeZone = .current) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        let dayOfYear = calendar.ordinality(of: .day, in: .year, for: date) ?? 1
        var result = ""
        var scalars = Array(format.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            guard scalar == "%", let letter = scalars.popFirst() else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let isBare = letter == "-"
            let directive = isBare ? scalars.popFirst() ?? "-" : letter
            result +=
                directiveText(directive, parts, dayOfYear, isBare: isBare)
                ?? "%" + (isBare ? "-" : "") + String(Character(directive))
        }
        return result
    }

    private static func directiveText(
        _ directive: Unicode.Scalar, _ parts: DateComponents, _ dayOfYear: Int, isBare: Bool
    ) -> String? {
        let (year, month, day) = (parts.year ?? 0, parts.month ?? 1, parts.day ?? 1)
        let (hour, minute, second) = (parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0)
        let monthName = months[(month - 1) % 12], dayName = days[((parts.weekday ?? 1) - 1) % 7]
        func digits(_ number: Int, _ width: Int = 2, pad: String = "0") -> String {
            let text = "\(number)"
            return isBare ? text : String(repeating: pad, count: max(width - text.utf8.count, 0)) + text
        }
        switch directive {
        case "Y": return digits(year, 4)
        case "y": return digits(year % 100)
        case "m": return digits(month)
        case "d": return digits(day)
        case "e": return digits(day, pad: " ")
        case "H": return digits(hour)
        case "I": return digits((hour + 11) % 12 + 1)
        case "M": return digits(minute)
        case "S": return digits(second)
        case "j": return digits(dayOfYear, 3)
        case "p": return hour < 12 ? "AM" : "PM"
        case "B": return monthName
        case "b", "h": return String(monthName.prefix(3))
        case "A": return dayName
        case "a": return String(dayName.prefix(3))
        case "F": return "\(digits(year, 4))-\(digits(month))-\(digits(day))"
        case "T": return "\(digits(hour)):\(digits(minute)):\(digits(second))"
        case "n": return "\n"
        case "t": return "\t"
        case "%": return "%"
        default: return nil
        }
    }
}
