import Checkpoints
import Formats
import Testing
import Transformer

/// Which layers see a window, and which know positions.
@Suite struct LayerTests {
    private func attention(
        _ name: String, _ members: [(String, JSONValue?)]
    ) throws -> (windows: [Int?], turned: [Bool]) {
        var found: [LayerAttention] = []
        try withChanged(name, "config.json") { config in
            for (key, value) in members { config[key] = value }
        } _: { path in
            let c = try Checkpoint.load(path).model.configuration
            found = (0..<c.layers).map { c.attention(of: $0) }
        }
        return (found.map(\.window), found.map { $0.rotary == .main })
    }

    private func refusal(_ name: String, _ members: [(String, JSONValue?)]) throws -> String {
        var said = ""
        try withChanged(name, "config.json") { config in
            for (key, value) in members { config[key] = value }
        } _: { path in
            let error = #expect(throws: CheckpointsError.self) { try Checkpoint.load(path) }
            said = error?.what ?? ""
        }
        return said
    }

    static let mistral: [(JSONValue?, Int64, Int?)] = [
        (nil, 4096, nil), (nil, 8192, 4096), (.null, 8192, nil), (256, 256, nil), (255, 256, 255),
    ]

    /// transformers takes 4096 for a window that is not named, and none for null. One as long as the context is none.
    @Test(arguments: mistral)
    func mistralsWindowIsOfEveryLayer(_ window: JSONValue?, context: Int64, seen: Int?) throws {
        let found = try attention(
            "mistral-f16-old-headdim",
            [("sliding_window", window), ("max_position_embeddings", .integer(context))])
        #expect(found.windows == [seen, seen] && found.turned == [true, true])
    }

    /// transformers 5 takes a Mistral whose layers are named for Ministral.
    @Test func mistralsLayersThatAreNamedSeeWhatTheirNamesSay() throws {
        let name = "mistral-f16-old-headdim", window: (String, JSONValue?) = ("sliding_window", 32)
        let kinds: JSONValue = ["full_attention", "sliding_attention"]
        #expect(try attention(name, [window, ("layer_types", kinds)]).windows == [nil, 32])
        let said = try refusal(name, [("sliding_window", .null), ("layer_types", kinds)])
        #expect(said.contains("no sliding window is in use"))
        try withChanged(name, "config.json") { config in
            config["sliding_window"] = 32
            config["layer_types"] = kinds
        } _: { path in
            try Checkpoint.load(path).save(to: path + "-saved")
            let saved = try Checkpoint.load(path + "-saved").model.configuration
            #expect((0..<saved.layers).map { saved.attention(of: $0).window } == [nil, 32])
        }
    }

    @Test(arguments: ["qwen2-bf16-tied", "qwen3-bf16-tied"])
    func qwensWindowIsOfTheLayersThatAreNamedOrThatComeLast(_ name: String) throws {
        let inUse: [(String, JSONValue?)] = [("use_sliding_window", true), ("sliding_window", 32)]
        let named: [(String, JSONValue?)] = [("layer_types", ["sliding_attention", "full_attention"])]
        let unnamed: [(String, JSONValue?)] = [("layer_types", nil)]
        #expect(try attention(name, inUse).windows == [nil, nil])
        #expect(try attention(name, inUse + named).windows == [32, nil])
        #expect(try attention(name, inUse + unnamed).windows == [nil, nil])
        #expect(try attention(name, inUse + unnamed + [("max_window_layers", 1)]).windows == [nil, 32])
        #expect(try attention(name, inUse + unnamed + [("max_window_layers", 0)]).windows == [32, 32])
        #expect(try refusal(name, inUse + unnamed + [("max_window_layers", -1)]).contains("max_window_layers"))
        #expect(try attention(name, inUse + unnamed + [("use_sliding_window", false)]).windows == [nil, nil])
        #expect(try attention(name, inUse + unnamed + [("sliding_window", .null)]).windows == [nil, nil])
        #expect(try refusal(name, named).contains("no sliding window is in use"))
    }

    @Test func smolLM3sLayersKnowPositionsByListOrByInterval() throws {
        func turned(_ members: [(String, JSONValue?)]) throws -> [Bool] {
            try attention("smollm3-bf16-window", members).turned
        }
        let list = "no_rope_layers", interval = "no_rope_layer_interval"
        #expect(try turned([]) == [true, false])
        #expect(try turned([(list, [0, 1, 1])]) == [false, true])
        #expect(try turned([(list, nil), (interval, 1)]) == [false, false])
        #expect(try turned([(list, nil), (interval, nil)]) == [true, true])
        #expect(try refusal("smollm3-bf16-window", [(list, [1])]).contains(list))
        #expect(try refusal("smollm3-bf16-window", [(list, [1, 2])]).contains(list))
    }

    @Test func smolLM3sWindowIsOfTheLayersThatDoNotKnowPositions() throws {
        #expect(try attention("smollm3-bf16-window", [("layer_types", nil)]).windows == [nil, 11])
        #expect(
            try attention("smollm3-bf16-window", [("layer_types", nil), ("sliding_window", nil)]).windows == [nil, nil])
    }
}
