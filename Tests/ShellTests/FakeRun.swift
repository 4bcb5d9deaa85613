import Foundation

/// Runs as training leaves them, written by hand: `recipe.json`, `metrics.jsonl`, `rollouts/STEP.jsonl`.
extension TinyWorkspace {
    /// Steps 1…`steps`, with a loss of `scale`/step and a clock field.
    func writeRun(_ id: String, steps: Int, scale: Double = 1, extra: String = "") throws {
        try write("runs/\(id)/recipe.json", #"{"stage":"sft","settings":{}}"#)
        try write(
            "runs/\(id)/metrics.jsonl",
            (1...steps).map { step in
                #"{"step":\#(step),"train/loss":\#(scale / Double(step)),"actor/lr":0.5,"actor/grad_norm":\#(step),"#
                    + #""timing_s/step":0.25\#(extra)}"# + "\n"
            }.joined())
    }

    func writeRollouts(_ run: String, step: Int, _ rows: [[String: Any]]) throws {
        let lines = try rows.map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) + "\n"
        }
        try write("runs/\(run)/rollouts/\(step).jsonl", lines.joined())
    }

    /// A rollout of two prefixes: one with a parsed and a failed chain, one without chains and left out.
    static func rollout(sample: Int, score: Int, text: String = "one\nanswer: 2\n") -> [String: Any] {
        let parsed: [String: Any] = [
            "text": "first line\nmiddle\nScore: 7", "ids": [1], "score": 7, "value": 0.7, "status": "parsed",
            "reward": -0.49, "advantage": 0.1,
        ]
        let failed: [String: Any] = [
            "text": "I \u{1B}[2J do not know", "ids": [2], "score": NSNull(), "value": NSNull(), "status": "failed",
            "failure": "no_cue",
            "reward": 0, "advantage": -0.3, "masked": "it has no score",
        ]
        return [
            "input": "1+1\n", "output": text, "gts": "2", "score": score, "step": 3, "sample": sample,
            "problem": ["id": 5 + sample, "text": "1+1 \u{202E}", "answer": "2", "source": "test"],
            "actor": ["name": "m\u{1B}]0;x\u{07}", "successRate": ["value": 0.25, "source": "ema@3"]],
            "ids": [1, 2, 3], "finish": "stop", "status": score == 1 ? "right" : "wrong", "extracted": "2",
            "icc_off": ["sampling"],
            "novelty": "new\nfield",
            "prefixes": [
                [
                    "step": 0, "text": "", "prompt": "<solution></solution>", "prompt_tokens": 9, "value": 0.7,
                    "return": 1, "chains": [parsed, failed],
                ],
                [
                    "step": 1, "text": "one\n", "value": NSNull(), "return": 1, "advantage": 0.25,
                    "masked": "its step is cut",
                ],
            ],
        ]
    }
}
