import ChildProcess
import Foundation
import Testing

/// Descriptors 0-2 may be closed when the program starts: what is printed must not land in a file that got their
/// numbers.
@Suite struct ClosedDescriptorTests {
    private static let script = """
        problem 'first problem' --answer 1; problem 'second problem' --answer 2; problem 1
        load actor \(TinyWorkspace.model) --as m; prompt use tiny --actor; set rollout.response_length 24
        generate -n 2; solutions; problems > list.txt; problems >> list.txt; problems | cat
        train sft model.path=\(TinyWorkspace.model) data.train_files=rows.jsonl data.chat_template=off \
        trainer.total_training_steps=1 --wait
        save m saved; runs; nonsense

        """

    /// Runs the script with some descriptors closed, and reads the workspace that it leaves.
    private func workspace(closing descriptors: [Int]) throws -> (status: Int32, files: [String: Data]) {
        let tiny = try TinyWorkspace()
        try tiny.write("script.genac", Self.script)
        // A database that is there is opened first of all, and would get the lowest free number.
        let before = try Binary.run(["-c", "problem 'zeroth problem' --answer 0"], folder: tiny.folder)
        #expect(before.status == 0, "\(before.errors)")
        let closed = descriptors.map { $0 == 0 ? "<&-" : "\($0)>&-" }.joined(separator: " ")
        let process = try ChildProcess(
            "/bin/bash", ["-c", "exec \"$0\" --keep-going script.genac \(closed)", Binary.path],
            environment: [
                "HOME": tiny.folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": Binary.root, "GENAC_THREADS": "1",
            ],
            folder: tiny.folder)
        let status = try process.wait(seconds: 60)
        var files: [String: Data] = [:]
        for name in FileManager.default.enumerator(atPath: tiny.folder)?.compactMap({ $0 as? String }) ?? [] {
            // SQLite's own log holds random numbers; closed, the database has all of it.
            guard !name.hasSuffix("-wal"), !name.hasSuffix("-shm"),
                let data = FileManager.default.contents(atPath: tiny.folder + "/" + name)
            else { continue }
            // Seconds, how many digits they have, and the folder's own name differ from one run to the next.
            let isClocked = ["metrics.jsonl", "recipe.json", "state.json"].contains { name.hasSuffix($0) }
            files[name] = isClocked ? Data("\(data.split(separator: 0x0A).count) lines".utf8) : data
        }
        return (status, files)
    }

    @Test func nothingInTheWorkspaceChangesButWhatTheCommandsSay() throws {
        let (status, open) = try workspace(closing: [])
        #expect(
            status == 2 && open.keys.contains("runs/sft-1/checkpoints/1/actor/model.safetensors")
                && open.keys.contains("saved/model.safetensors"))
        let text = String(decoding: open["list.txt"] ?? Data(), as: UTF8.self)
        #expect(text.components(separatedBy: "first problem").count == 3, "\(text)")
        for mask in 1..<8 {
            let closed = (0..<3).filter { mask >> $0 & 1 == 1 }
            let (status, files) = try workspace(closing: closed)
            #expect(files.keys.sorted() == open.keys.sorted(), "closed: \(closed)")
            for (name, data) in open { #expect(files[name] == data, "\(name) with \(closed) closed") }
            // A result that could not be written is a failure.
            #expect(status == (closed.contains(1) ? 1 : 2), "closed: \(closed)")
        }
    }
}
