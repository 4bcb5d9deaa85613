/// Standard input as commands read it.
extension StandardInput {
    /// All of it, as far as a file of rows may go.
    /// - Throws: as ``all(limit:_:)`` and ``requireFree(_:)``.
    static func rows(_ context: CommandContext) throws -> [UInt8] {
        try requireFree(context.options)
        return try all(limit: 256 << 20, context.console.cancellation)
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
