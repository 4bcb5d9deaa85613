import Foundation
import Formats
import Testing
import Training

/// Checkpoints that the clock asks for.
@Suite struct SavingTests {
    private let start = ContinuousClock.now

    @Test func theClockAsksAfterItsMinutesAndNeverWhereTheyAreZero() {
        let clock = SaveClock(minutes: 5, now: start), never = SaveClock(minutes: 0, now: start)
        #expect(!clock.isDue(start + .seconds(299)) && clock.isDue(start + .seconds(300)))
        #expect(!never.isDue(start + .seconds(1_000_000)))
    }

    @Test("saving takes at most a tenth of the time, whatever is asked")
    func savingIsBounded() {
        var clock = SaveClock(minutes: 1 / 60.0, now: start)
        clock.saved(from: start + .seconds(1), to: start + .seconds(8))
        #expect(
            !clock.isDue(start + .seconds(8 + 62)) && clock.isDue(start + .seconds(8 + 63)),
            "7 s of saving to 63 s of training")
        clock.saved(from: start + .seconds(100), to: start + .seconds(101))
        #expect(!clock.isDue(start + .seconds(101 + 62)), "the longest counts")
    }

    private func steps(_ directory: RunDirectory, _ folder: String) throws -> [Int] {
        try RunDirectory.checkpoints(of: directory.id, in: folder)
    }

    @Test("a timed checkpoint is one more, and goes with the next: what else is kept does not depend on the clock")
    func timedCheckpointsAreExtra() throws {
        try Support.withFolder { folder in
            let directory = try RunDirectory.create(in: folder, recipe: Support.recipe(folder), steps: 400)
            func write(_ step: Int, isTimed: Bool = false) throws {
                try directory.writeCheckpoint(step: step, keep: 2, isTimed: isTimed) { _ in JSONObject() }
            }
            try write(100)
            try write(137, isTimed: true)
            #expect(try steps(directory, folder) == [100, 137])
            try write(180, isTimed: true)
            #expect(try steps(directory, folder) == [100, 180])
            try write(200)
            #expect(try steps(directory, folder) == [100, 200])
            try write(250, isTimed: true)
            try write(300)
            #expect(try steps(directory, folder) == [200, 300])
        }
    }

    @Test("a run that is saved by the clock ends in the same bits")
    func theClockChangesNoBit() throws {
        try Support.withFolder { folder in
            let plain = Support.centre(folder), saved = Said()
            let first = try plain.start(try Support.recipe(folder, "trainer.save_freq=0", "trainer.save_minutes=0")).job
            try first.end()
            let watching = Support.centre(folder) { if case .checkpoint(_, let step) = $0 { saved.add("\(step)") } }
            let second = try watching.start(
                try Support.recipe(folder, "trainer.save_freq=0", "trainer.save_minutes=1e-9")
            ).job
            try second.end()
            #expect(try Support.checkpointBytes(first.run, folder) == Support.checkpointBytes(second.run, folder))
            #expect(try Support.metrics(first.run, folder) == Support.metrics(second.run, folder))
            #expect(saved.all.count > 1 && saved.all.last == "12", "the clock asked at least once: \(saved.all)")
        }
    }
}
