import ChildProcess
import Foundation
import Testing

/// What `generate` draws from one session to the next, and what a seed of its own does.
@Suite("Draws go on", .serialized)
struct DrawsTests {
    private let tiny: TinyWorkspace

    init() throws { tiny = try TinyWorkspace() }

    private static let problem = "problem \"1+1 \" --answer 2\n"

    private struct Drawn: Equatable {
        var id, seed, sample: Int
        var text: String
    }

    private func drawn(_ result: Binary.Result) throws -> [Drawn] {
        #expect(result.status == 0, "\(result.errors)")
        let all = result.json.compactMap { $0["solutions"] as? [[String: Any]] }.joined()
        return try all.map {
            Drawn(
                id: try #require($0["id"] as? Int), seed: try #require($0["seed"] as? Int),
                sample: try #require($0["sample"] as? Int), text: try #require($0["text"] as? String))
        }
    }

    @Test("two sessions draw what one would have drawn, and a fresh folder the same")
    func goOn() throws {
        let first = try drawn(tiny.run(Self.problem + "generate -n 2\n", json: true))
        let second = try drawn(tiny.run(Self.problem + "generate -n 2\nbranch 1.0 -n 1\n", json: true))
        #expect((first + second).map(\.sample) == [0, 1, 2, 3, 4])
        let fresh = try TinyWorkspace()
        let script = Self.problem + "generate -n 2\ngenerate -n 2\nbranch 1.0 -n 1\n"
        let whole = try drawn(fresh.run(script, json: true))
        #expect(whole == first + second && Set(whole.map(\.text)).count > 1)
    }

    @Test("a seed of its own draws the same whatever was drawn before, and keeps it once")
    func ownSeed() throws {
        let own = Self.problem + "generate --seed 5 -n 2\n"
        let first = try drawn(TinyWorkspace().run(own, json: true))
        let script = Self.problem + "generate -n 3\nset seed 5\ngenerate -n 1\nset seed 0\ngenerate --seed 5 -n 2\n"
        let result = try tiny.run(script, json: true)
        let all = try drawn(result)
        #expect(all.map(\.sample) == [0, 1, 2, 0, 0, 1] && all.map(\.id) == [1, 2, 3, 4, 4, 5])
        #expect(all.suffix(2).map(\.text) == first.map(\.text) && all.suffix(2).map(\.seed) == [5, 5])
        #expect(result.json.compactMap { $0["kept_before"] as? Int } == [0, 0, 1])
        let told = try tiny.run(own + "show 4\nset seed 5\ngenerate -n 1\nshow last\n")
        #expect(told.output.contains("kept before, to the token, and not kept again: 4, 5\n"), "\(told.output)")
        #expect(told.output.contains("seed 5, sample 0\n") && told.output.contains("seed 5, sample 2\n"))
        #expect(!told.output.contains("solution 6\n1+"), "what is kept already is shown under its own number")
        let solutions = try Binary.run(["--json", "-c", "solutions --all"], folder: tiny.folder)
        #expect((solutions.json[0]["solutions"] as? [Any])?.count == 6)
    }

    @Test("score and truth take a seed of their own")
    func otherCommands() throws {
        let script = """
            generate -n 1
            score 1.0 --samples 4 --seed 3
            set seed 3; score 1.0 --samples 4; set seed 0; score 1.0 --samples 4
            truth 1.0 --rollouts 8 --seed 3
            truth 1.0 --rollouts 8

            """
        let result = try tiny.run(Self.problem + script, json: true)
        #expect(result.status == 0, "\(result.errors)")
        let chains = result.json.compactMap { line -> [String]? in
            let rows = line["prefixes"] as? [[String: Any]]
            return (rows?.first?["chains"] as? [[String: Any]])?.compactMap { $0["text"] as? String }
        }
        #expect(chains.count == 3 && chains[0] == chains[1] && chains[0] != chains[2])
        let bad = try tiny.run(Self.problem + "generate --seed -1\n")
        #expect(bad.status == 1 && bad.errors.contains("--seed cannot be -1"), "\(bad.errors)")
    }

    @Test("shells that draw at once share no number")
    func atOnce() throws {
        _ = try tiny.run(Self.problem)
        let script = TinyWorkspace.opening + Self.problem + String(repeating: "generate -n 3\n", count: 5)
        let children = try (0..<3).map { _ in
            try Binary.start(["--json"], input: Data(script.utf8), folder: tiny.folder)
        }
        var samples: [Int] = []
        for child in children {
            let status = try child.wait()
            samples += try drawn(Binary.Result(status: status, output: child.output, errors: child.errors))
                .map(\.sample)
        }
        #expect(samples.sorted() == Array(0..<45))
    }
}
