/// A property that a regular expression names: `\p{L}`, `\p{Han}`, `\w`. Its meaning is that of Oniguruma 6.9, which
/// knows Unicode 16: what was assigned later is unassigned here too.
struct ScalarProperty: Sendable {
    private let test: Test

    private enum Test: Sendable {
        case categories(Set<Unicode.GeneralCategory>)
        case script([ClosedRange<UInt32>])
        case white
        case alphabetic
        case lowercase
        case uppercase
        /// `[[:word:]]`
        case word
        /// `\w` outside of brackets, to which Oniguruma counts the numbers of Latin-1
        case bareWord
    }

    private init(_ test: Test) { self.test = test }

    /// - Parameter name: as Oniguruma reads it: case, blanks, hyphens and underscores do not matter.
    init?(named name: String) {
        let plain = String(String.UnicodeScalarView(name.unicodeScalars.filter { !" -_".unicodeScalars.contains($0) }))
            .lowercased()
        if let categories = Self.categories[plain] {
            test = .categories(categories)
        } else if let ranges = ScalarScripts.ranges[plain] {
            test = .script(ranges)
        } else if let other = Self.others[plain] {
            test = other
        } else {
            return nil
        }
    }

    static let white = ScalarProperty(.white)
    static let word = ScalarProperty(.word)
    static let bareWord = ScalarProperty(.bareWord)
    static let decimal = ScalarProperty(.categories([.decimalNumber]))

    func holds(for scalar: Unicode.Scalar) -> Bool {
        switch test {
        case .categories(let categories): return categories.contains(Self.category(scalar))
        case .script(let ranges): return Self.contains(ranges, scalar.value)
        case .white: return scalar.properties.isWhitespace
        case .alphabetic: return scalar.properties.isAlphabetic && !ScalarKind.isNew(scalar)
        case .lowercase: return (scalar.properties.isLowercase || scalar == "ʕ") && !ScalarKind.isNew(scalar)
        case .uppercase: return scalar.properties.isUppercase && !ScalarKind.isNew(scalar)
        case .word: return Self.isWord(scalar)
        case .bareWord:
            return Self.isWord(scalar) || scalar.value < 0x100 && Self.category(scalar) == .otherNumber
        }
    }

    private static func category(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
        let category = ScalarKind.category(scalar)
        return category != .unassigned && ScalarKind.isNew(scalar) ? .unassigned : category
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch category(scalar) {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
        case .unassigned: false
        default: scalar.properties.isAlphabetic
        }
    }

    private static func contains(_ ranges: [ClosedRange<UInt32>], _ value: UInt32) -> Bool {
        var low = 0, high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(value)
    }

    private static let others: [String: Test] = [
        "whitespace": .white, "space": .white, "alphabetic": .alphabetic, "alpha": .alphabetic,
        "lowercase": .lowercase, "lower": .lowercase, "uppercase": .uppercase, "upper": .uppercase,
    ]

    private static let categories: [String: Set<Unicode.GeneralCategory>] = {
        let single: [([String], Unicode.GeneralCategory)] = [
            (["lu", "uppercaseletter"], .uppercaseLetter), (["ll", "lowercaseletter"], .lowercaseLetter),
            (["lt", "titlecaseletter"], .titlecaseLetter), (["lm", "modifierletter"], .modifierLetter),
            (["lo", "otherletter"], .otherLetter), (["mn", "nonspacingmark"], .nonspacingMark),
            (["mc", "spacingmark"], .spacingMark), (["me", "enclosingmark"], .enclosingMark),
            (["nd", "decimalnumber", "digit"], .decimalNumber), (["nl", "letternumber"], .letterNumber),
            (["no", "othernumber"], .otherNumber), (["pc", "connectorpunctuation"], .connectorPunctuation),
            (["pd", "dashpunctuation"], .dashPunctuation), (["ps", "openpunctuation"], .openPunctuation),
            (["pe", "closepunctuation"], .closePunctuation), (["pi", "initialpunctuation"], .initialPunctuation),
            (["pf", "finalpunctuation"], .finalPunctuation), (["po", "otherpunctuation"], .otherPunctuation),
            (["sm", "mathsymbol"], .mathSymbol), (["sc", "currencysymbol"], .currencySymbol),
            (["sk", "modifiersymbol"], .modifierSymbol), (["so", "othersymbol"], .otherSymbol),
            (["zs", "spaceseparator"], .spaceSeparator), (["zl", "lineseparator"], .lineSeparator),
            (["zp", "paragraphseparator"], .paragraphSeparator), (["cc", "control", "cntrl"], .control),
            (["cf", "format"], .format), (["co", "privateuse"], .privateUse), (["cn", "unassigned"], .unassigned),
        ]
        let groups: [([String], Character)] = [
            (["l", "letter"], "l"), (["m", "mark", "combiningmark"], "m"), (["n", "number"], "n"),
            (["p", "punctuation", "punct"], "p"), (["s", "symbol"], "s"), (["z", "separator"], "z"),
            (["c", "other"], "c"),
        ]
        var table: [String: Set<Unicode.GeneralCategory>] = [:]
        for (names, category) in single { for name in names { table[name] = [category] } }
        for (names, initial) in groups {
            let members = Set(single.filter { $0.0[0].first == initial }.map(\.1))
            for name in names { table[name] = members }
        }
        return table
    }()
}
