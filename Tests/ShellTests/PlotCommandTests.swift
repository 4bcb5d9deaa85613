import Foundation
import Shell
import Testing

@Suite("The plot command")
struct PlotCommandTests {
    @Test("a word is a run when it names one, otherwise a metric; runs are counted once")
    func words() throws {
        let runs = ["1": "sft-1", "last": "sft-2", "sft-1": "sft-1", "sft-2": "sft-2"]
        let words = try PlotWords(["1", "train/loss", "last", "sft-1", "actor/*"]) { runs[$0] }
        #expect(words.runs == ["sft-1", "sft-2"] && words.metrics == ["train/loss", "actor/*"])
        #expect(throws: ShellError.self) { try PlotWords(["7"]) { runs[$0] } }
        let known = ["train/loss", "actor/lr", "actor/grad_norm"]
        #expect(
            MetricPatterns.resolve(["actor/*", "train/loss", "actor/lr"], among: known).chosen == [
                "actor/lr", "actor/grad_norm", "train/loss",
            ])
        #expect(MetricPatterns.resolve(["critic/*", "x"], among: known).unknown == ["critic/*", "x"])
    }

    @Test("one run keeps its keys; several add theirs; patterns, smoothing and pictures")
    func plotting() throws {
        let tiny = try TinyWorkspace()
        try tiny.writeRun("sft-1", steps: 10)
        try tiny.writeRun("sft-2", steps: 6, scale: 2)
        let one = try Binary.run(["--json", "-c", "plot sft-1"], folder: tiny.folder).json.last
        #expect(
            one?["run"] as? String == "sft-1" && (one?["metrics"] as? [String: [[Double]]])?["train/loss"]?.count == 10)
        #expect(
            one?["known"] as? [String] == ["train/loss", "actor/lr", "actor/grad_norm", "timing_s/step"]
                && one?["runs"] == nil)
        let two = try Binary.run(["--json", "-c", "plot 'actor/*' sft-1 sft-2 --smooth 2"], folder: tiny.folder).json
            .last
        let runs = two?["runs"] as? [String: [String: [[Double]]]]
        #expect(runs?.keys.sorted() == ["sft-1", "sft-2"] && runs?["sft-2"]?["actor/grad_norm"]?.last == [6, 5.5])
        let text = try Binary.run(["-c", "plot sft-1 sft-2 train/loss"], folder: tiny.folder)
        #expect(text.output.contains("a sft-1  0.1 at 10   b sft-2  0.3333 at 6"), "\(text.output)")
        let svg = try Binary.run(["-c", "plot sft-1 sft-2 'actor/*' --svg out/a.svg"], folder: tiny.folder)
        #expect(svg.output == "out/a.svg: 2 panels, 2 lines\n", "\(svg.errors)")
        let picture = try String(contentsOfFile: tiny.folder + "/out/a.svg", encoding: .utf8)
        #expect(picture.contains(">actor/grad_norm</text>"))
    }

    @Test("what is neither run nor metric, a run without metrics, and a broken row are told")
    func refusals() throws {
        let tiny = try TinyWorkspace()
        func errors(_ command: String) throws -> String { try Binary.run(["-c", command], folder: tiny.folder).errors }
        #expect(try errors("plot last").contains("there is no run yet"))
        try tiny.writeRun("sft-1", steps: 3)
        #expect(
            try errors("plot sft-1 train/lost").contains(
                "train/lost is no run, and no metric of the run sft-1; did you mean train/loss?"))
        #expect(try errors("plot 7").contains("there is no job 7"))
        #expect(try errors("plot sft-1 --smooth 0").contains("--smooth cannot be 0"))
        try tiny.write("runs/sft-2/recipe.json", "{}")
        #expect(try errors("plot sft-2").contains("has no metrics yet"))
        try tiny.write("runs/sft-2/metrics.jsonl", "{\"step\":1}\n\n[1]\n{\"step\":3}\n")
        let broken = try errors("plot sft-2")
        #expect(broken.contains("runs/sft-2/metrics.jsonl:3: the row is an array, not an object"), "\(broken)")
        for command in ["stop", "pause"] {
            #expect(try errors("\(command) sft-1").contains("no job of this session trains sft-1"))
            #expect(try errors("\(command) last").contains("there is no job in this session"))
            #expect(try errors("\(command) sft-3").contains("there is no run sft-3; did you mean"))
        }
    }
}
