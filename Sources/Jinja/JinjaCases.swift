/// Capitals and small letters, and what kind of characters a text has, as Python's str knows them.
extension JinjaText {
    /// A final sigma is small in its own way: behind a letter, before none.
    static func lowercased(_ text: String) -> String {
        guard text.unicodeScalars.contains("Σ") else { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            guard scalar == "Σ" else {
                result += scalar.properties.lowercaseMapping
                continue
            }
            let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
            let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
            let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
            result += isFinal ? "ς" : "σ"
        }
        return result
    }

    /// Small letters of the capitals of small letters are Unicode's folding, but for Turkish's i without a dot and
    /// Cherokee.
    static func casefolded(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            if scalar == "ı" { return String(Character(scalar)) }
            if (0x13A0...0x13FD).contains(scalar.value) || (0xAB70...0xABBF).contains(scalar.value) {
                return scalar.properties.uppercaseMapping
            }
            return scalar.properties.lowercaseMapping.uppercased().unicodeScalars.map(\.properties.lowercaseMapping)
                .joined()
        }.joined()
    }

    static func capitalize(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        let rest = lowercased(text)
        return first.properties.titlecaseMapping
            + String(rest.unicodeScalars.dropFirst(first.properties.lowercaseMapping.unicodeScalars.count))
    }

    static func swapCase(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let properties = scalar.properties
            return properties.isUppercase
                ? properties.lowercaseMapping
                : properties.isLowercase ? properties.uppercaseMapping : String(Character(scalar))
        }.joined()
    }

    /// A capital at the start of each run of letters.
    static func title(_ text: String) -> String {
        var result = ""
        var isInWord = false
        for scalar in text.unicodeScalars {
            result += isInWord ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
            isInWord = scalar.properties.isCased
        }
        return result
    }

    /// Jinja's filter: a capital at the start of each word between blanks, brackets and hyphens.
    static func titleOfWords(_ text: String) -> String {
        var result = "", word = ""
        func end() {
            guard let first = word.unicodeScalars.first else { return }
            result += first.properties.uppercaseMapping + lowercased(String(word.unicodeScalars.dropFirst()))
            word = ""
        }
        for scalar in text.unicodeScalars {
            if isPythonSpace(scalar) || "-({[<".unicodeScalars.contains(scalar) {
                end()
                result.unicodeScalars.append(scalar)
            } else {
                word.unicodeScalars.append(scalar)
            }
        }
        end()
        return result
    }

    /// `isdigit` and its like.
    static func hasProperty(_ name: String, _ text: String) -> Bool {
        func all(_ holds: (Unicode.Scalar.Properties) -> Bool) -> Bool {
            text.unicodeScalars.allSatisfy { holds($0.properties) }
        }
        if name == "isascii" { return text.utf8.allSatisfy { $0 < 0x80 } }
        if name == "isprintable" { return text.unicodeScalars.allSatisfy(JinjaInterpreter.isPrintable) }
        guard !text.isEmpty else { return false }
        switch name {
        case "isdigit": return all { $0.numericType == .decimal || $0.numericType == .digit }
        case "isdecimal": return all { $0.numericType == .decimal }
        case "isnumeric": return all { $0.numericType != nil }
        case "isalpha": return all(isLetter)
        case "isalnum": return all { isLetter($0) || $0.numericType != nil }
        case "isspace": return text.unicodeScalars.allSatisfy(isPythonSpace)
        case "isidentifier":
            let first = text.unicodeScalars.first
            return (first == "_" || first?.properties.isXIDStart == true)
                && all { $0.isXIDContinue }
        case "istitle": return isTitle(text)
        default:
            let isUpper = name == "isupper"
            guard text.unicodeScalars.contains(where: { $0.properties.isCased }) else { return false }
            return all { isUpper ? !$0.isLowercase && !isTitleLetter($0) : !$0.isUppercase && !isTitleLetter($0) }
        }
    }

    private static func isLetter(_ properties: Unicode.Scalar.Properties) -> Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    private static func isTitleLetter(_ properties: Unicode.Scalar.Properties) -> Bool {
        properties.generalCategory == .titlecaseLetter
    }

    private static func isTitle(_ text: String) -> Bool {
        var isInWord = false, isCased = false
        for properties in text.unicodeScalars.map(\.properties) {
            if properties.isUppercase || isTitleLetter(properties) {
                if isInWord { return false }
                (isInWord, isCased) = (true, true)
            } else if properties.isLowercase {
                if !isInWord { return false }
            } else {
                isInWord = false
            }
        }
        return isCased
    }
}
