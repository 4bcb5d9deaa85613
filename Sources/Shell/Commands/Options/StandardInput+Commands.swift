/// Standard input as commands read it.
extension StandardInput {
    /// All of it, as far as a file of rows may go.
    /// - Parameter wanted: so many rows of JSON Lines are enough; nil: all are wanted.
    /// - Throws: as ``all(limit:_:until:)`` and ``requireFree(_:)``.
    static func rows(_ context: CommandContext, wanted: Int? = nil) throws -> [UInt8] {
        try requireFree(context.options)
        var count = RowCount(wanted: wanted)
        return try all(limit: 256 << 20, context.console.cancellation) { count.isEnough(with: $0) }
    }

    /// Counts whole rows of JSON Lines, an object on each, as they come in pieces.
    private struct RowCount {
        let wanted: Int?
        private var rows = 0
        /// Known from the first byte that is no blank.
        private var isLines: Bool?
        private var last: UInt8 = 0

        init(wanted: Int?) { self.wanted = wanted }

        mutating func isEnough(with piece: [UInt8]) -> Bool {
            guard let wanted, isLines != false else { return false }
            for byte in piece {
                if byte == 0x0A {
                    if last == UInt8(ascii: "}") { rows += 1 }
                    last = byte
                } else if byte != 0x20, byte != 0x09, byte != 0x0D {
                    isLines = isLines ?? (byte == UInt8(ascii: "{"))
                    last = byte
                }
            }
            return isLines == true && rows >= wanted
        }
    }

    /// - Throws: a refusal where the commands themselves come from there.
    private static func requireFree(_ options: Options) throws {
        guard options.readsCommands else { return }
        throw ShellError.refused(
            "standard input is where the commands come from",
            hint: options.isInteractive
                ? "`add --edit` opens an editor" : "`PROGRAM | genac -c 'COMMANDS'`, or `genac FILE < TEXT`")
    }
}
