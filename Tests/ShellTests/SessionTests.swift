import Foundation
import Testing

@Suite("The sessions", .serialized)
struct SessionTests {
    @Test(
        "the judge's chain finds the wrong operation and rates it 0, where the value head sees nothing",
        .enabled(if: Binary.starterIsThere))
    func caught() throws {
        let result = try Binary.run(["--json", Binary.root + "/sessions/caught.genac"])
        #expect(result.status == 0, "\(result.errors)")
        let outcomes = try #require(
            result.json.first { $0["command"] as? String == "generate" }?["solutions"] as? [[String: Any]])
        #expect(outcomes.compactMap { $0["outcome"] as? Int } == [1, 0])
        let scores = result.json.filter { $0["command"] as? String == "score" }.compactMap {
            $0["prefixes"] as? [[String: Any]]
        }
        #expect(scores.count == 4)
        let values = scores.map { $0.dropFirst().compactMap { $0["value"] as? Double } }
        try #require(values.allSatisfy { $0.count == 3 }, "\(values)")
        #expect(
            zip(values[0], values[1]).allSatisfy { abs($0 - $1) < 0.05 },
            "the head tells the right solution from the wrong one: \(values)")
        #expect(values[2].allSatisfy { $0 > 0.8 } && values[3].allSatisfy { $0 < 0.1 }, "\(values)")
        let chain = try #require((scores[3][1]["chains"] as? [[String: Any]])?.first?["text"] as? String)
        #expect(chain == "D4 a-9=5 b*9=5 c+1=6/4 bad\nScore: 0")
    }

    static let hasSmolLM2 = FileManager.default.fileExists(
        atPath: Binary.root + "/models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")

    @Test("the session on SmolLM2, each field's prompt differing in exactly its sentence", .enabled(if: hasSmolLM2))
    func smollm2() throws {
        let result = try Binary.run(["--json", Binary.root + "/sessions/smollm2.genac"], seconds: 1800)
        #expect(result.status == 0, "\(result.errors)")
        let prompts = result.json.filter { $0["command"] as? String == "prompt show" }.compactMap {
            $0["text"] as? String
        }
        let fields = try #require(
            result.json.first { $0["command"] as? String == "icc" }?["fields"] as? [[String: Any]])
        #expect(prompts.count == 5 && fields.count == 4)
        for (prompt, field) in zip(prompts.dropFirst(), fields) {
            let sentence = try #require(field["sentence"] as? String)
            #expect(prompts[0].contains(sentence + "\n"))
            #expect(prompts[0].replacingOccurrences(of: sentence + "\n", with: "") == prompt)
        }
    }
}
