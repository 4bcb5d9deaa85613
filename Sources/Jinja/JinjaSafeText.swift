/// Strings that call themselves HTML (`| safe`, `| escape`). Chat templates escape nothing by themselves; but what is
/// joined to such a string by `+` or formatted into it gets escaped, in transformers too.
extension JinjaInterpreter {
    static func escapeHTML(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "'": result += "&#39;"
            case "\"": result += "&#34;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// As it stands in HTML: what calls itself HTML as it is, all else escaped.
    func escaped(_ value: JinjaValue) throws -> String {
        if case .safe(let text) = value { return text }
        let text = try text(of: value)
        try charge(text: text.utf8.count)
        return Self.escapeHTML(text)
    }
}

extension JinjaValue {
    /// This text, HTML if this value is.
    func sameKind(_ text: String) -> JinjaValue {
        if case .safe = self { .safe(text) } else { .string(text) }
    }
}
