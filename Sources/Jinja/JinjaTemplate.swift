import Formats
import Foundation

/// A template of the Jinja that chat templates use, with `trim_blocks` and `lstrip_blocks` on, as transformers renders
/// them: in a sandbox, with every loop, string and nesting counted, so that a forged one ends in an error.
package struct JinjaTemplate: Sendable {
    private let scalars: [Unicode.Scalar]
    private let statements: [JinjaStatement]

    /// - Throws: ``JinjaError`` of kind `syntax` for what is not the Jinja that we read, or has more than 2^20
    ///   characters.
    package init(source: String) throws {
        scalars = JinjaLexer.normalise(source)
        do {
            guard scalars.count <= JinjaLimits.source else {
                throw JinjaFailure.syntax("it has more than \(JinjaLimits.source) characters", at: 0)
            }
            var lexer = JinjaLexer(scalars)
            var parser = JinjaParser(try lexer.run())
            statements = try parser.parseTemplate()
        } catch let failure as JinjaFailure {
            throw failure.error(in: scalars)
        }
    }

    /// The text it gives.
    /// - Parameters:
    ///   - variables: what its names mean; at most 64 lists deep.
    ///   - now: what `strftime_now` takes for the present.
    /// - Throws: ``JinjaError`` of kind `rendering`, or `raised` where the template itself refuses.
    package func render(_ variables: JSONObject, now: Date = Date()) throws -> String {
        var values: [String: JinjaValue] = [:]
        do {
            for (name, value) in variables.members {
                guard let value = JinjaValue(value) else {
                    throw JinjaFailure(kind: .rendering, message: "it is given values nested too deeply", position: 0)
                }
                values[name] = value
            }
            return try JinjaInterpreter(variables: values, now: now).render(statements)
        } catch let failure as JinjaFailure {
            throw failure.error(in: scalars)
        }
    }
}
