// Looks at every line of the house, draws its map, and fails where a rule of CONTRIBUTING is broken:
//
//     make house            the rules, and the map of rooms and folders
//
// Rules: no line above 120 columns (prose: 160), no file above 350 lines, no function above 45, no cycle among the
// folders of a target, 70 % of the package declarations documented (the library's all).
//
// Swift is read by its words, not by its grammar: comments and texts are taken out, braces counted, and a folder uses
// another where it names what only that one declares.
import Foundation

// MARK: Reading

struct SourceFile {
    let path: String
    let lines: [String]
    /// The lines without comments and texts, of the same number.
    let code: [String]

    init(_ path: String) throws {
        self.path = path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        code = Bare(text).text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// `Sources/Training/Losses/ValueLoss.swift` is of the target Training and its folder Losses.
    var target: String { String(path.split(separator: "/")[1]) }
    var folder: String {
        let parts = path.split(separator: "/").dropFirst(2).dropLast()
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }
}

/// A text without its comments and literals, every line in its place. What is interpolated in a literal stays.
struct Bare {
    private(set) var text = ""
    private var source: ArraySlice<Character>

    init(_ text: String) {
        source = Array(text)[...]
        code(until: nil)
    }

    private mutating func code(until end: Character?) {
        var depth = 0
        while let next = source.first {
            if let end, next == end, depth == 0 { return }
            if next == "(" { depth += 1 }
            if next == ")" { depth -= 1 }
            if starts("//") {
                while let c = source.first, c != "\n" { drop(c, shown: false) }
            } else if starts("/*") {
                while !source.isEmpty, !starts("*/") { drop(source[source.startIndex], shown: false) }
                source = source.dropFirst(2)
            } else if next == "\"" || next == "#" && isRaw {
                literal()
            } else {
                drop(next, shown: true)
            }
        }
    }

    private var isRaw: Bool { source.drop { $0 == "#" }.first == "\"" }

    private mutating func literal() {
        let marks = source.prefix { $0 == "#" }.count
        source = source.dropFirst(marks)
        let quotes = starts("\"\"\"") ? 3 : 1
        source = source.dropFirst(quotes)
        let close = Array(repeating: Character("\""), count: quotes) + Array(repeating: "#", count: marks)
        let escape = [Character("\\")] + Array(repeating: "#", count: marks)
        text += "\""
        while let next = source.first, !source.starts(with: close) {
            if source.starts(with: escape) {
                source = source.dropFirst(escape.count)
                if source.first == "(" {
                    source = source.dropFirst()
                    text += "("
                    code(until: ")")
                    text += ")"
                }
                if let c = source.first { drop(c, shown: false) }
            } else {
                drop(next, shown: false)
            }
        }
        source = source.dropFirst(close.count)
        text += "\""
    }

    private mutating func drop(_ c: Character, shown: Bool) {
        if shown || c == "\n" { text.append(c) }
        source = source.dropFirst()
    }

    private func starts(_ prefix: String) -> Bool { source.starts(with: prefix) }
}

func files(below folders: [String], endings: [String]) -> [String] {
    folders.flatMap { folder -> [String] in
        guard let all = FileManager.default.enumerator(atPath: folder) else { return [] }
        return all.compactMap { $0 as? String }.filter { name in
            endings.contains { name.hasSuffix($0) } && !name.contains("Fixtures/")
        }.map { folder == "." ? $0 : "\(folder)/\($0)" }
    }.sorted()
}

// MARK: Sizes

var failures: [String] = []

func checkLines() throws {
    let code = files(below: ["Sources", "Tests", "Benchmarks", ".ci"], endings: [".swift", ".c", ".h", ".py", ".sh"])
    for (paths, most) in [(code + ["Package.swift"], 120), (prose(), 160)] {
        for path in paths {
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            // A row of a table and a command cannot be broken.
            func isWhole(_ line: Substring) -> Bool {
                most == 160 && (line.hasPrefix("|") || line.hasPrefix("    "))
            }
            for (number, line) in lines.enumerated() where line.count > most && !isWhole(line) {
                failures.append("\(path):\(number + 1): \(line.count) columns, \(most) at most")
            }
            if path.hasSuffix(".swift"), lines.count - 1 > 350 {
                failures.append("\(path): \(lines.count - 1) lines, 350 at most")
            }
        }
    }
}

func prose() -> [String] {
    files(below: ["."], endings: [".md"]).filter { !$0.hasPrefix(".build") && !$0.hasPrefix("models/") }
}

/// From the line of `func` or `init` to that of its closing brace.
func checkFunctions(_ file: SourceFile) {
    var open: [(name: String, line: Int, depth: Int)] = []
    var depth = 0, waiting: (name: String, line: Int)?
    for (number, line) in file.code.enumerated() {
        if let match = line.firstMatch(of: /\b(?:func\s+([\w`=+\-*\/<>!~]+)|(init)[?!]?\s*[(<])/),
            !line.contains(".init("), !line.contains("self.init(")
        {
            waiting = (String(match.output.1 ?? "init"), number)
        }
        for c in line {
            if c == "{" {
                if let name = waiting { open.append((name.name, name.line, depth)) }
                waiting = nil
                depth += 1
            } else if c == "}" {
                depth -= 1
                if let last = open.last, last.depth == depth {
                    open.removeLast()
                    let length = number - last.line + 1
                    if length > 45 {
                        failures.append("\(file.path):\(last.line + 1): \(last.name) has \(length) lines, 45 at most")
                    }
                }
            }
        }
    }
}

// MARK: Documentation

let declaration =
    #/
    \b(package|public)\s+(?:static\ |final\ |mutating\ |indirect\ |\w+\(set\)\ )*
    (?:var|let|func|init|struct|class|enum|protocol|typealias|subscript)\b
    /#

/// Package declarations and how many of them have a comment of their own above them.
func documented(_ files: [SourceFile], _ access: String) -> (all: Int, told: Int) {
    var result = (all: 0, told: 0)
    for file in files {
        for (number, line) in file.code.enumerated() {
            guard let match = line.firstMatch(of: declaration), match.output.1 == access else { continue }
            result.all += 1
            var above = number - 1
            while above >= 0, file.lines[above].firstMatch(of: /^\s*@/) != nil { above -= 1 }
            if above >= 0, file.lines[above].firstMatch(of: /^\s*\/\/\//) != nil { result.told += 1 }
        }
    }
    return result
}

// MARK: The map

/// What a file declares at its outermost level, or adds to another's type.
func declared(_ file: SourceFile) -> Set<String> {
    var names: Set<String> = [], depth = 0, isExtension = false
    for line in file.code {
        if depth == 0 {
            isExtension = line.firstMatch(of: /\bextension\s+\w/) != nil
            if line.firstMatch(
                of: /\b(private|fileprivate)\s+(final\s+)?(struct|class|enum|protocol|func|let|var|extension)\b/)
                == nil,
                let match = line.firstMatch(
                    of: /\b(?:struct|class|enum|protocol|typealias|actor|func|let|var)\s+`?(\w+)/)
            {
                names.insert(String(match.output.1))
            }
        } else if depth == 1, isExtension,
            line.firstMatch(of: /\b(private|fileprivate)\b/) == nil,
            let match = line.firstMatch(of: /\b(?:func|var|let|struct|enum|class)\s+`?(\w+)/)
        {
            names.insert("." + match.output.1)
        }
        depth += line.count { $0 == "{" } - line.count { $0 == "}" }
    }
    return names
}

func words(_ file: SourceFile) -> (all: Set<String>, members: Set<String>) {
    var all: Set<String> = [], members: Set<String> = []
    for line in file.code {
        for match in line.matches(of: /(\.?)\b([A-Za-z_]\w*)/) {
            all.insert(String(match.output.2))
            if !match.output.1.isEmpty { members.insert("." + match.output.2) }
        }
    }
    return (all, members)
}

/// [folder: [folder that it uses: names]] of one target.
func edges(_ files: [SourceFile]) -> [String: [String: Set<String>]] {
    var owners: [String: Set<String>] = [:]
    for file in files { for name in declared(file) { owners[name, default: []].insert(file.folder) } }
    let memberNames = Set(owners.keys.filter { $0.hasPrefix(".") })
    // A member's name says whose it is only where one folder has it, and no type has it too.
    var declaredTimes: [String: Int] = [:]
    for file in files {
        for line in file.code {
            for match in line.matches(of: /\b(?:var|let|func|case)\s+`?(\w+)/) {
                declaredTimes["." + match.output.1, default: 0] += 1
            }
        }
    }
    var result: [String: [String: Set<String>]] = [:]
    for file in files {
        let (all, members) = words(file), own = declared(file)
        let named = all.filter { $0.first?.isUppercase == true || owners[$0] != nil }
        let used = named.union(members.filter { memberNames.contains($0) && declaredTimes[$0] == 1 })
        for name in used where !own.contains(name) {
            guard let places = owners[name], places.count == 1, let place = places.first, place != file.folder else {
                continue
            }
            if name.first?.isLowercase == true, declaredTimes["." + name] != 1 { continue }
            result[file.folder, default: [:]][place, default: []].insert(name)
        }
    }
    return result
}

/// Folders that reach themselves, as the sets in which each reaches each other.
func cycles(_ edges: [String: [String: Set<String>]]) -> [[String]] {
    func reached(_ start: String) -> Set<String> {
        var seen: Set<String> = [], next = edges[start].map { Array($0.keys) } ?? []
        while let one = next.popLast() {
            if seen.insert(one).inserted, let further = edges[one] { next += further.keys }
        }
        return seen
    }
    let all = Dictionary(uniqueKeysWithValues: edges.keys.map { ($0, reached($0)) })
    var left = Set(edges.keys), result: [[String]] = []
    for folder in edges.keys.sorted() where left.contains(folder) && all[folder]?.contains(folder) == true {
        let together = left.filter { all[folder]?.contains($0) == true && all[$0]?.contains(folder) == true }
        result.append(together.sorted())
        left.subtract(together)
    }
    return result
}

func drawMap(_ sources: [SourceFile]) {
    for (target, files) in Dictionary(grouping: sources, by: \.target).sorted(by: { $0.key < $1.key }) {
        let edges = edges(files), folders = Set(files.map(\.folder)).sorted()
        print("\(target): \(files.count) files, \(files.reduce(0) { $0 + $1.lines.count }) lines")
        for folder in folders where folders.count > 1 {
            let used = edges[folder, default: [:]].keys.sorted()
            print("    \(folder)\(used.isEmpty ? "" : " -> " + used.joined(separator: ", "))")
        }
        for cycle in cycles(edges) {
            failures.append("\(target): \(cycle.joined(separator: ", ")) form a cycle")
            for from in cycle {
                for to in cycle {
                    if let names = edges[from]?[to] {
                        failures.append("    \(from) -> \(to): \(names.sorted().prefix(12).joined(separator: ", "))")
                    }
                }
            }
        }
    }
}

func checkDocumentation(_ sources: [SourceFile]) {
    let (house, library) = (documented(sources, "package"), documented(sources, "public"))
    print(
        "documented: \(house.told) of \(house.all) package declarations, \(library.told) of \(library.all) public ones")
    if house.told * 100 < house.all * 70 { failures.append("under 70 % of the package declarations are documented") }
    if library.told < library.all { failures.append("a public declaration is not documented") }
    for (target, files) in Dictionary(grouping: sources, by: \.target).sorted(by: { $0.key < $1.key }) {
        let share = documented(files, "package")
        if share.all > 0 { print("    \(target) \(share.told * 100 / share.all) % of \(share.all)") }
    }
}

let sources = try files(below: ["Sources"], endings: [".swift"]).map { try SourceFile($0) }
drawMap(sources)
checkDocumentation(sources)
try checkLines()
let tests = try files(below: ["Tests"], endings: [".swift"]).map { try SourceFile($0) }
for file in sources + tests { checkFunctions(file) }
for failure in failures { print(failure) }
if !failures.isEmpty { exit(1) }
