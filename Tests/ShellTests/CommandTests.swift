import Foundation
import Testing

@Suite("The commands, on a random model")
struct CommandTests {
    @Test("load, models, use, unload, save, inspect")
    func models() throws {
        let tiny = try TinyWorkspace()
        let result = try tiny.run(
            "models; save m copy; inspect copy; load critic copy --as c; use actor c; unload m; models", json: true)
        let models = try #require(try Binary.last(result, "models")["models"] as? [[String: Any]])
        #expect(models.map { $0["name"] as? String } == ["c"])
        #expect(models[0]["roles"] as? [String] == ["actor", "critic"])
        #expect((try Binary.last(result, "inspect")["tensors"] as? [[String: Any]])?.isEmpty == false)
        #expect(try tiny.run("use critic nosuch").errors == "stdin:5: there is no model nosuch; loaded are: m\n")
        #expect(try tiny.run("load actor /nowhere").errors.hasPrefix("stdin:5: /nowhere: "))
        #expect(try tiny.run("load actor starter:nosuch").errors.contains("there is no starter model nosuch"))
    }

    @Test("The same draws in another session are no new evidence of the actor's success rate")
    func repeatedDraws() throws {
        let tiny = try TinyWorkspace()
        for _ in 0..<3 {
            _ = try tiny.run("problem \"1 + 1\" --answer 2; generate -n 2 --seed 0")
            _ = try tiny.run("problem 1; generate -n 2 --seed 0")
        }
        // The same text is the same problem, and under a seed every session draws its samples 0 and 1 again.
        let row = try Binary.last(try tiny.run("problem 1; generate -n 1; score last", json: true), "score")
        let fields = try #require(row["icc"] as? [[String: Any]])
        let rate = try #require(fields.first { $0["name"] as? String == "success-rate" })
        #expect(rate["source"] as? String == "measured (2)")
    }

    @Test("A word that is no id states no problem, and a refused template is kept")
    func refusals() throws {
        let tiny = try TinyWorkspace()
        #expect(try tiny.run("problem nxet").errors.contains("nxet is no problem's id"))
        #expect(try tiny.run("save m twice; save m twice").errors.contains("--replace"))
        let edited = try Binary.run(
            [], input: Data((TinyWorkspace.opening + "prompt edit").utf8), folder: tiny.folder,
            environment: ["EDITOR": "sed -i s/problem/nosuch/"])
        let kept = tiny.folder + "/.genac/prompts/critic-tiny.refused"
        #expect(edited.status == 1 && edited.errors.contains("your text is kept as \(kept)"), "\(edited.errors)")
        let whole = try String(contentsOfFile: tiny.folder + "/prompts/critic/tiny.mustache", encoding: .utf8)
        let refused = whole.replacingOccurrences(of: "problem", with: "nosuch")
        #expect(try String(contentsOfFile: kept, encoding: .utf8) == refused)
        #expect(try tiny.run("prompt diff", json: true).json.last?["diff"] as? [String] == [], "it is as it was")
    }

    @Test("generate has the promised keys, one log-probability an id, and the same seed gives the same bytes")
    func generate() throws {
        let script = "problem \"1+1\" --answer 2; generate -n 3 --temperature 0.8"
        let first = try TinyWorkspace().run(script, json: true, arguments: ["--seed", "5"])
        let row = try Binary.last(first, "generate")
        #expect(row["seed"] as? Int == 5)
        #expect(row["tokens_per_second"] is Double)
        let solutions = try #require(row["solutions"] as? [[String: Any]])
        #expect(solutions.map { $0["id"] as? Int } == [1, 2, 3])
        for solution in solutions {
            #expect((solution["ids"] as? [Int])?.count == (solution["logprobs"] as? [Double])?.count)
            #expect(["stop", "length"].contains(solution["finish"] as? String))
            #expect([0, 1].contains(solution["outcome"] as? Int))
        }
        let again = try Binary.last(
            try TinyWorkspace().run(script, json: true, arguments: ["--seed", "5"]), "generate")
        #expect((again["solutions"] as? NSArray) == (row["solutions"] as? NSArray))
        let other = try Binary.last(
            try TinyWorkspace().run(script, json: true, arguments: ["--seed", "6"]), "generate")
        #expect((other["solutions"] as? NSArray) != (row["solutions"] as? NSArray))
    }

    @Test("--score rates each step as it ends and changes no token, whatever the step rule")
    func liveScores() throws {
        for (rule, most) in [("newline", 24), ("vine", 24), ("tokens:5", 5)] {
            let script = "problem \"1+1\" --answer 2 --steps \(rule); generate -n 2"
            let plain = try Binary.last(try TinyWorkspace().run(script, json: true), "generate")
            let scored = try Binary.last(try TinyWorkspace().run(script + " --score", json: true), "generate")
            #expect((scored["solutions"] as? NSArray) == (plain["solutions"] as? NSArray), "\(rule)")
            let tables = try #require(scored["scores"] as? [[String: Any]])
            let solutions = try #require(scored["solutions"] as? [[String: Any]])
            #expect(tables.count == 2 && solutions.count == 2)
            for (table, solution) in zip(tables, solutions) {
                let steps = try #require(table["prefixes"] as? [[String: Any]]).compactMap { $0["step"] as? Int }
                #expect(steps == Array(steps.indices) && (1...most).contains(steps.count))
                if rule == "tokens:5" { #expect(steps.count == (try stepsOfTokens(solution, size: 5))) }
            }
        }
        let shown = try TinyWorkspace().run("problem \"1+1\" --answer 2 --steps tokens:5; generate -n 1 --score")
        #expect(shown.output.contains("\n    1.1  "))
    }

    /// How many steps of `size` tokens a solution has; an end token is no step of its own.
    private func stepsOfTokens(_ solution: [String: Any], size: Int) throws -> Int {
        let ids = try #require(solution["ids"] as? [Int])
        return max(1, (ids.count - (solution["finish"] as? String == "stop" ? 1 : 0) + size - 1) / size)
    }

    @Test("a branch keeps its prefix's ids and log-probabilities")
    func branch() throws {
        let tiny = try TinyWorkspace()
        let result = try tiny.run(
            "problem \"1+1\" --answer 2 --steps tokens:4; generate -n 1; branch last.2 -n 2; show 2", json: true)
        let original = try #require((try Binary.last(result, "generate")["solutions"] as? [[String: Any]])?.first)
        let branches = try #require(try Binary.last(result, "branch")["solutions"] as? [[String: Any]])
        let (ids, logprobs) = (try #require(original["ids"] as? [Int]), try #require(original["logprobs"] as? [Double]))
        #expect(branches.count == 2 && ids.count > 8)
        for solution in branches {
            #expect((solution["ids"] as? [Int])?.prefix(8) == ids.prefix(8))
            #expect((solution["logprobs"] as? [Double])?.prefix(8) == logprobs.prefix(8))
            #expect((solution["ids"] as? [Int])?.count ?? 99 <= 24)
            #expect(solution["branch"] as? String == "1.2")
        }
    }

    @Test("score has the promised keys for every prefix, and --chain prints the reasoning")
    func score() throws {
        let tiny = try TinyWorkspace()
        let script = "problem \"1+1\" --answer 2 --steps tokens:4; generate -n 1\n"
        let result = try tiny.run(script + "score last --samples 2", json: true), row = try Binary.last(result, "score")
        let solution = try #require((try Binary.last(result, "generate")["solutions"] as? [[String: Any]])?.first)
        let prefixes = try #require(row["prefixes"] as? [[String: Any]])
        let count = try stepsOfTokens(solution, size: 4)
        #expect(prefixes.compactMap { $0["step"] as? Int } == Array(0..<count), "every prefix but the whole solution")
        for prefix in prefixes {
            let chains = try #require(prefix["chains"] as? [[String: Any]])
            #expect(chains.count == 2)
            #expect(prefix["prompt_tokens"] as? Int ?? 0 > 20)
            let values = chains.compactMap { $0["value"] as? Double }, value = try #require(prefix["value"] as? Double)
            #expect(values.count == 2 && abs(values.reduce(0, +) / 2 - value) < 1e-12, "the mean of its chains")
            for chain in chains {
                #expect(["parsed", "forced"].contains(chain["status"] as? String), "what is not parsed is forced")
                let distribution = try #require(chain["distribution"] as? [Double])
                #expect(distribution.count == 11 && abs(distribution.reduce(0, +) - 1) < 1e-6)
            }
        }
        let fields = try #require(row["icc"] as? [[String: Any]])
        #expect(fields.map { $0["name"] as? String } == ["actor", "success-rate", "infer", "sampling"])
        let shown = try tiny.run("score 1.1 --chain")
        #expect(shown.status == 0 && shown.output.contains("p(0…10)"), "\(shown.errors)")
        #expect(try tiny.run("score 1.99").errors.contains("the solution has"))
        #expect(try tiny.run("score 77").errors.contains("there is no solution 77"))
    }

    @Test("switching a field off takes exactly its sentence out of the prompt")
    func icc() throws {
        let tiny = try TinyWorkspace()
        let fields = ["actor", "success-rate", "infer", "sampling"]
        let script =
            "problem \"1+1\" --answer 2; generate -n 1; icc set success-rate 40%; icc; prompt show last.0\n"
            + fields.map { "icc off \($0); prompt show last.0; icc on \($0)\n" }.joined()
        let result = try tiny.run(script, json: true)
        let sentences = try #require(try Binary.last(result, "icc")["fields"] as? [[String: Any]]).map {
            $0["sentence"] as? String ?? "?"
        }
        #expect(sentences == ["By m.", "Rate 40.", "Infer.", "At 1."])
        let prompts = result.json.filter { $0["command"] as? String == "prompt show" }.compactMap {
            $0["text"] as? String
        }
        try #require(prompts.count == 5)
        for (prompt, sentence) in zip(prompts.dropFirst(), sentences) {
            #expect(prompts[0].components(separatedBy: sentence + "\n").count == 2, "\(sentence)")
            #expect(prompts[0].replacingOccurrences(of: sentence + "\n", with: "") == prompt)
        }
        let own = try tiny.run("icc add tip \"Be kind.\"; prompt show 1.0; icc remove tip; icc off tip")
        #expect(own.output.contains("Be kind."))
        #expect(own.errors.contains("there is no ICC field 'tip'"))
    }

    @Test("all fields are edited at once; a line that is none is named")
    func iccEdit() throws {
        let tiny = try TinyWorkspace()
        func edit(_ expression: String) throws -> Binary.Result {
            try Binary.run(
                ["--json"], input: Data((TinyWorkspace.opening + "icc edit").utf8), folder: tiny.folder,
                environment: ["EDITOR": "sed -i \(expression)"])
        }
        let fields = try #require(
            try Binary.last(
                try edit("'s/on actor/off actor/; s/on success-rate/on success-rate = 30%/; $a on tip = Be kind.'"),
                "icc edit")["fields"] as? [[String: Any]])
        #expect(fields.map { $0["name"] as? String } == ["actor", "success-rate", "infer", "sampling", "tip"])
        #expect(
            fields[0]["on"] as? Bool == false && fields[1]["value"] as? String == "30%"
                && fields[4]["sentence"] as? String == "Be kind.")
        #expect(try edit("'$a maybe tip'").errors.contains("line 7"))
    }

    @Test("the same script and seed give the same results, but for the clock")
    func deterministic() throws {
        let script = """
            problem "1+1" --answer 2 --steps tokens:6; generate -n 4; score last --samples 3; truth last --rollouts 6; \
            branch last.1 -n 2
            starter corpus --rows 40 rows2.jsonl
            train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.train_batch_size=2 \
            trainer.total_training_steps=4 --wait
            load actor run:last --as t; logprobs "abc"
            """
        func results() throws -> [NSDictionary] {
            let tiny = try TinyWorkspace()
            let result = try tiny.run(script, json: true, arguments: ["--seed", "3"])
            #expect(result.status == 0, "\(result.errors)")
            return result.json.map { line in
                var line = line
                for key in ["seconds", "tokens_per_second", "path", "metrics"] { line[key] = nil }
                return line as NSDictionary
            }
        }
        #expect(try results() == results())
    }

    @Test("truth has the promised keys, and show puts both beside the steps")
    func truth() throws {
        let tiny = try TinyWorkspace()
        let result = try tiny.run(
            "problem \"1+1\" --answer 2 --steps tokens:8; generate -n 1; truth last --rollouts 4; score last; show "
                + "last",
            json: true)
        let solution = try #require((try Binary.last(result, "generate")["solutions"] as? [[String: Any]])?.first)
        let prefixes = try #require(try Binary.last(result, "truth")["prefixes"] as? [[String: Any]])
        let count = try stepsOfTokens(solution, size: 8)
        #expect(prefixes.compactMap { $0["step"] as? Int } == Array(0..<count))
        for prefix in prefixes {
            #expect(prefix["rollouts"] as? Int == 4)
            let value = try #require(prefix["value"] as? Double)
            let (low, high) = (try #require(prefix["low"] as? Double), try #require(prefix["high"] as? Double))
            #expect((0...1).contains(low) && low <= value && value <= high && (0...1).contains(high))
            #expect((4 * value).rounded() == 4 * value, "a share of four rollouts")
        }
        let scores = try #require(try Binary.last(result, "score")["prefixes"] as? [[String: Any]])
        let shown = try #require(try Binary.last(result, "show")["steps"] as? [[String: Any]])
        #expect(shown.compactMap { $0["step"] as? Int } == Array(1...count) && scores.count == count && count > 1)
        for step in 1..<count {
            #expect(try #require(shown[step - 1]["truth"] as? Double) == prefixes[step]["value"] as? Double)
            #expect(try #require(shown[step - 1]["value"] as? Double) == scores[step]["value"] as? Double)
        }
        #expect(shown[count - 1]["truth"] is NSNull, "nobody asked what the whole solution is worth")
        #expect(try tiny.run("problem \"who knows\"; generate -n 1; truth last").errors.contains("has no answer"))
    }

    @Test("tokenize, logprobs and grade")
    func tokens() throws {
        let tiny = try TinyWorkspace()
        let tokens = try Binary.last(try tiny.run("tokenize \"a<|im_end|>\"", json: true), "tokenize")
        #expect((tokens["ids"] as? [Int])?.count == (tokens["pieces"] as? [String])?.count)
        let row = try Binary.last(try tiny.run("logprobs \"hello\" --top 2", json: true), "logprobs")
        let logprobs = try #require(row["logprobs"] as? [Any])
        #expect(logprobs.first is NSNull)
        #expect(
            logprobs.count == (row["ids"] as? [Int])?.count && (row["entropy"] as? [Any])?.count == logprobs.count
                && (row["top"] as? [Any])?.count == logprobs.count)
        let grade = try Binary.last(try tiny.run("grade \"-5\" \"#### -5\"", json: true), "grade")
        #expect(grade["status"] as? String == "right")
        #expect(grade["outcome"] as? Int == 1)
        #expect(try tiny.run("grade -x y").status == 2)
    }

    @Test("problems are loaded, listed, chosen and stated; a bad file is named with its line")
    func problems() throws {
        let tiny = try TinyWorkspace()
        try tiny.write(
            "set.jsonl",
            "{\"question\":\"1+2\",\"answer\":\"three\\n#### 3\"}\n{\"question\":\"2+2\",\"answer\":\"#### 4\"}\n")
        try tiny.write("bad.jsonl", "{\"question\":\"1+2\",\"answer\":\"3\"}\n{\"question\":\n")
        let result = try tiny.run(
            "problems load set.jsonl; problem next; problem; problems load starter:jumps --limit 3; problems",
            json: true)
        let current = try #require(try Binary.last(result, "problem")["problem"] as? [String: Any])
        #expect(current["answer"] as? String == "4")
        #expect((try Binary.last(result, "problems")["problems"] as? [Any])?.count == 5)
        #expect(try tiny.run("problems load bad.jsonl").errors.contains("bad.jsonl:2"))
        #expect(try tiny.run("problem 99").errors.contains("there is no problem 99"))
    }

    @Test("a person's own solution is graded and rated like another")
    func own() throws {
        let tiny = try TinyWorkspace()
        try tiny.write("mine.txt", "I think\nThe answer is 2.")
        let result = try tiny.run("problem \"1+1\" --answer 2; add mine.txt; score last; edit last", json: true)
        let added = try #require(result.json.first { $0["command"] as? String == "add" })
        let row = try #require((added["solutions"] as? [[String: Any]])?.first)
        #expect(row["status"] as? String == "right")
        let edited = try Binary.run(
            ["--json"], input: Data((TinyWorkspace.opening + "edit 1").utf8), folder: tiny.folder,
            environment: ["EDITOR": "sed -i s/2/3/"])
        let changed = try #require((try Binary.last(edited, "edit")["solutions"] as? [[String: Any]])?.first)
        #expect(changed["text"] as? String == "I think\nThe answer is 3.")
        #expect(changed["status"] as? String == "wrong")
    }

    @Test("with an actor alone, prompt show says how its prompt is asked for")
    func actorsPrompt() throws {
        try Binary.withFolder { folder in
            let load = "load actor \(TinyWorkspace.model); problem \"a p\"; add \"a b\"; "
            let prefix = try Binary.run(["-c", load + "prompt show last.0"], folder: folder)
            #expect(prefix.status == 1 && prefix.errors.contains("no critic is loaded; --actor shows what the actor"))
            let template = try Binary.run(["-c", load + "prompt show"], folder: folder)
            #expect(
                template.status == 0 && template.errors.contains("--actor is for the actor's"), "\(template.errors)")
        }
    }

    @Test("a prompt is edited into the workspace, compared and reset")
    func prompts() throws {
        let tiny = try TinyWorkspace()
        let script = TinyWorkspace.opening + "prompt edit; prompt diff; prompt show; prompt reset; prompt diff"
        let result = try Binary.run(
            ["--json"], input: Data(script.utf8), folder: tiny.folder, environment: ["EDITOR": "sed -i s/Infer/Guess/"])
        #expect(result.status == 0, "\(result.errors)")
        let diffs = result.json.filter { $0["command"] as? String == "prompt diff" }.compactMap {
            $0["diff"] as? [String]
        }
        #expect(diffs.map { $0.filter { $0.hasPrefix("+") || $0.hasPrefix("-") } } == [["-Infer.", "+Guess."], []])
        let broken = try Binary.run(
            [], input: Data((TinyWorkspace.opening + "prompt edit").utf8), folder: tiny.folder,
            environment: ["EDITOR": "sed -i s/problem/nosuch/"])
        #expect(broken.status == 1 && broken.errors.contains("nosuch"))
    }

    @Test("Ctrl-C during a script ends it with 130 and keeps what is finished")
    func interrupt() throws {
        let tiny = try TinyWorkspace()
        let script =
            TinyWorkspace.opening
            + "problem \"1+1\" --answer 2 --steps tokens:1; generate -n 1; truth last --rollouts 100000; set seed 9"
        let process = try Binary.start(["--json", "-c", script], folder: tiny.folder)
        #expect(try process.waitUntil("has generated") { process.output.contains("\"command\":\"generate\"") })
        process.send(SIGINT)
        #expect(try process.wait() == 130)
        #expect(!process.output.contains("\"key\":\"seed\""))
        #expect((try tiny.run("solutions --all", json: true).json.last?["solutions"] as? [Any])?.count == 1)
    }
}
