import Foundation
import Testing

@Suite("Kept studies", .serialized, .enabled(if: Binary.starterIsThere))
struct StudiesTests {
    @Test("Ctrl-C says how a study goes on, and studies lists it, tells it again and how it goes on")
    func stopped() throws {
        let terminal = try PseudoTerminal(columns: 140, environment: ["PAGER": "cat"])
        try terminal.expectLast("genac>")
        terminal.send("load actor starter:actor --measure none; load critic starter:critic\r")
        try terminal.expect("critic: critic")
        try terminal.expectLast("genac>")
        terminal.send("study ranking --problems 5000 --rollouts 512\r")
        let log = terminal.folder + "/studies/ranking-1/measurements.jsonl"
        try terminal.wait("two problems") { _ in
            (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").count ?? 0 > 1
        }
        terminal.send("\u{03}")
        try terminal.expect(
            "of 5000 problems are measured and kept in studies/ranking-1; go on with: study ranking --problems 5000")
        try terminal.expect("--rollouts 512 --name ranking-1")
        try terminal.expectLast("genac>")
        let listed = try terminal.printed(by: "studies")
        #expect(listed.contains { $0.hasPrefix("ranking-1  ranking  ") && $0.contains("/5000  stopped") }, "\(listed)")
        let one = try terminal.printed(by: "studies ranking-1").joined().replacing(#/ +/#, with: " ")
        #expect(one.contains("it goes on by: study ranking") && one.contains("--name ranking-1"), "\(one)")
    }

    @Test("a finished one is told again as it was, and others have a headline")
    func told() throws {
        try Binary.withFolder { folder in
            let study = "study approximation --problems 4 --rollouts 4 --name a"
            let script = "set critic.icc.measured_on 20; load actor starter:actor; load critic starter:critic; "
            let first = try Binary.run(["-c", script + study], folder: folder)
            let again = try Binary.run(["-c", "studies a"], folder: folder)
            func table(_ text: String) -> [Substring] {
                text.split(separator: "\n").drop { !$0.hasPrefix("actor solves") }.dropLast()
            }
            #expect(again.status == 0 && table(first.output).count > 5, "\(again.errors)")
            #expect(table(again.output) == table(first.output))
            let listed = try Binary.json("studies", folder).last?["studies"] as? [[String: Any]]
            #expect(listed?.first?["measured"] as? Int == 4 && listed?.first?["wanted"] as? Int == 4)
            #expect(listed?.first?["state"] as? String == "complete" && listed?.first?["command"] as? String == study)
            #expect((listed?.first?["headline"] as? String)?.hasPrefix("least error: ") == true)
            let missing = try Binary.run(["-c", "studies b"], folder: folder)
            #expect(
                missing.status == 1 && missing.errors.contains("there is no study b; did you mean a?"),
                "\(missing.errors)")
            try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/studies/a/page.json"))
            #expect(
                try Binary.run(["-c", "studies a"], folder: folder).errors.contains(
                    "page.json: it is not what a study keeps"))
        }
    }
}
