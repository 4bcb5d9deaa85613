import Checkpoints
import Foundation
import Testing
import Training

/// Jobs, their centre and those who wait for them, from several threads.
@Suite struct JobTests {
    /// Runs `body` on a thread of its own and gives up on it after a minute.
    private func ends(_ body: @escaping @Sendable () throws -> Void) -> Bool {
        let done = DispatchSemaphore(value: 0)
        Thread {
            do { try body() } catch { Issue.record("\(error)") }
            done.signal()
        }.start()
        return done.wait(timeout: .now() + 60) == .success
    }

    @Test("whoever waits for a job may ask the job and the centre: no lock is held meanwhile")
    func aWaitingPredicateMayAskAnything() throws {
        let isOver = ends {
            try Support.withFolder { folder in
                let centre = Support.centre(folder)
                let job = try centre.start(try Support.recipe(folder)).job
                let isSeen = job.wait(seconds: 30) { _ in
                    job.current.step >= 1 && centre.ahead(of: job) == nil && centre.jobs.count == 1
                }
                #expect(isSeen)
                try job.end()
                #expect(job.current.state == .finished)
            }
        }
        #expect(isOver, "nobody waits for ever")
    }

    @Test("four jobs, asked and steered from five threads at once, all end")
    func manyThreadsSteerManyJobs() throws {
        let isOver = ends {
            try Support.withFolder { folder in
                let centre = Support.centre(folder)
                let jobs = try (0..<4).map { _ in try centre.start(try Support.recipe(folder)).job }
                let group = DispatchGroup()
                for job in jobs {
                    Thread.detach(in: group) {
                        for _ in 0..<20 {
                            do { try job.pause() } catch { return }
                            _ = job.wait(seconds: 0.001) { $0 == .paused || centre.ahead(of: job) != nil }
                            do { try job.resume() } catch { return }
                        }
                    }
                }
                Thread.detach(in: group) { for _ in 0..<200 { for job in centre.jobs { _ = centre.ahead(of: job) } } }
                group.wait()
                for job in jobs {
                    if job.current.state == .paused { try job.resume() }
                    try job.end()
                    #expect(job.current.state == .finished)
                }
            }
        }
        #expect(isOver, "nobody waits for ever")
    }
}

extension Thread {
    fileprivate static func detach(in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        Thread {
            body()
            group.leave()
        }.start()
    }
}
