import Formats
import Problems

/// Problems that standard input holds as rows.
enum PipedProblems {
    /// Whether bytes are JSON Lines rather than a text: their first line is an object.
    static func areRows(_ bytes: [UInt8]) -> Bool {
        let text = bytes.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard text.first == UInt8(ascii: "{") else { return false }
        do {
            return try JSONValue.parse(Array(text.prefix { $0 != 0x0A }), name: StandardInput.name).asObject != nil
        } catch {
            // Mathematics may begin with a brace.
            return false
        }
    }

    /// What `problems load` makes of a file with these bytes, as rows of standard input.
    static func load(_ bytes: [UInt8], _ choice: DataSet.Choice = DataSet.Choice()) throws -> (
        problems: [Problem], files: DataSet?
    ) {
        try StandardInput.asFile(bytes) { path in
            let files = try DataSet.load(path, choice)
            let problems = files.problems.map { problem in
                var problem = problem
                problem.source = StandardInput.name + problem.source.dropFirst(path.count)
                return problem
            }
            return (problems, files)
        }
    }
}
