/// The first word of an answer that is `yes` or `no`, with nothing but words behind it.
enum YesOrNo {
    static func answer(_ tokens: [MathToken]) -> String? {
        guard let first = tokens.first?.letters?.lowercased(), ["yes", "no", "true", "false"].contains(first),
            tokens.dropFirst().allSatisfy(isProse)
        else { return nil }
        guard tokens.count == 1 || [".", ",", ";", ":"].contains(where: tokens[1].isSign) else { return nil }
        return first
    }

    private static func isProse(_ token: MathToken) -> Bool {
        switch token.kind {
        case .letters: true
        case .sign(let sign): [".", ",", ";", ":", "'", "-", "(", ")"].contains(sign)
        default: false
        }
    }
}
