/// Reads the command language part by part: scripts, what is typed and its completion are all read by this.
///
/// It stands at a place in the text, and knows the line and column that errors name.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    private let file: String
    private(set) var index = 0
    private var line: Int
    private var lineStart = 0

    init(_ text: String, file: String, line: Int = 1) {
        scalars = Array(text.unicodeScalars)
        self.file = file
        self.line = line
    }

    var position: SourcePosition {
        SourcePosition(file: file, line: line, column: index - lineStart + 1)
    }

    /// The scalar here, or `ahead` further on; nil behind the end.
    func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        index + ahead < scalars.count ? scalars[index + ahead] : nil
    }

    /// What was read since `start`.
    func passed(since start: Int) -> ArraySlice<Unicode.Scalar> { scalars[start..<index] }

    mutating func advance() {
        guard let scalar = peek() else { return }
        index += 1
        if scalar == "\n" {
            line += 1
            lineStart = index
        }
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\r"
    }

    mutating func skipBlanks() {
        while let scalar = peek(), Self.isBlank(scalar) { advance() }
    }

    /// Up to the line's end, for comments and for what stands behind an error.
    mutating func skipLine() {
        while let scalar = peek(), scalar != "\n" { advance() }
    }
}
