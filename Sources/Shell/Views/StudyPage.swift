import Formats
import Terminal

/// What a study tells, as data: kept beside its figures, it is told again on a page of any width.
struct StudyPage {
    enum Block {
        case line(String)
        case table(Table)
    }

    /// The figure that says most, in a few words.
    let headline: String
    /// From top to bottom.
    let blocks: [Block]

    /// Where it is kept in a study's folder.
    static let file = "page.json"

    init(headline: String, _ blocks: [Block]) { (self.headline, self.blocks) = (headline, blocks) }

    /// Parts below each other, with an empty line between.
    static func joined(_ parts: [[Block]]) -> [Block] { Array(parts.joined(separator: [.line("")])) }

    func render(on page: Page) { Self.render(blocks, on: page) }

    static func render(_ blocks: [Block], on page: Page) {
        for block in blocks {
            switch block {
            case .line(let text): page.line(text)
            case .table(let table): page.table(table)
            }
        }
    }
}

extension StudyPage {
    var json: JSONValue {
        .object([("headline", .string(headline)), ("blocks", .array(blocks.map(Self.json)))])
    }

    private static func json(_ block: Block) -> JSONValue {
        switch block {
        case .line(let text): .object([("line", .string(text))])
        case .table(let table):
            .object([
                ("columns", .array(table.columns.map(json))),
                ("rows", .array(table.rows.map { .array($0.map { .string($0.text) }) })),
            ])
        }
    }

    private static func json(_ column: Table.Column) -> JSONValue {
        .object([
            ("title", .string(column.title)), ("right", .bool(column.right)), ("joined", .bool(column.isJoined)),
            ("giving", .text(column.giving?.rawValue)), ("least", .int(column.least)), ("spare", .bool(column.isSpare)),
        ])
    }

    /// - Throws: a refusal of what no study wrote.
    init(_ json: JSONValue, file: String) throws {
        guard let headline = json["headline"]?.asString, let blocks = json["blocks"]?.asArray else {
            throw Self.damaged(file)
        }
        self.headline = headline
        self.blocks = try blocks.map { block in
            if let text = block["line"]?.asString { return .line(text) }
            guard let columns = block["columns"]?.asArray, let rows = block["rows"]?.asArray else {
                throw Self.damaged(file)
            }
            var table = Table(try columns.map { try Self.column($0, file) })
            for row in rows {
                guard let cells = row.asArray?.map(\.asString), !cells.contains(nil) else { throw Self.damaged(file) }
                table.add(cells.compactMap { $0 }.map { Table.Cell($0) })
            }
            return .table(table)
        }
    }

    private static func column(_ json: JSONValue, _ file: String) throws -> Table.Column {
        guard let title = json["title"]?.asString, let right = json["right"]?.asBool, let least = json["least"]?.asInt,
            let joined = json["joined"]?.asBool, let spare = json["spare"]?.asBool, let giving = json["giving"]
        else { throw damaged(file) }
        let way = giving.asString.flatMap { Table.Column.Giving(rawValue: $0) }
        guard (way == nil) == (giving == .null) else { throw damaged(file) }
        return Table.Column(title, right: right, giving: way, least: least, joined: joined, spare: spare)
    }

    private static func damaged(_ file: String) -> ShellError {
        .invalid(
            what: "it is not what a study keeps", location: file,
            hint: "ask the study again under its name: what was measured is not measured again")
    }
}
