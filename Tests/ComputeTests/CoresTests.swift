import Compute
import Foundation
import Synchronization
import Testing

@Suite(.serialized) struct CoresTests {
    /// A plain thread, joined by `wait`: leases and teams block, which Swift's own pool must not.
    final class Worker: Sendable {
        private let finished = DispatchSemaphore(value: 0)

        init(_ body: @escaping @Sendable () -> Void) {
            let done = finished
            Thread.detachNewThread {
                body()
                done.signal()
            }
        }

        /// A worker that never ends is its test's failure.
        func wait() { #expect(finished.wait(timeout: .now() + 60) == .success, "a worker hangs") }
    }

    /// Passes borders until the command has come and gone: each is passed at once while nobody waits.
    private static func passBorders(until journal: Journal, has line: String) {
        let end = Date(timeIntervalSinceNow: 30)
        while !journal.text.contains(line), Date() < end { Cores.shared.border() }
    }

    final class Counts: Sendable {
        let seen: [Atom]
        final class Atom: Sendable { let value = Atomic<Int>(0) }

        init(_ count: Int) { seen = (0..<count).map { _ in Atom() } }
        func add(_ index: Int) { seen[index].value.add(1, ordering: .relaxed) }
        var allOnce: Bool { seen.allSatisfy { $0.value.load(ordering: .relaxed) == 1 } }
    }

    final class Journal: Sendable {
        private let lines = Mutex<[String]>([])
        func write(_ line: String) { lines.withLock { $0.append(line) } }
        var text: [String] { lines.withLock { $0 } }
    }

    @Test func everyChunkRunsExactlyOnceUnderStressFromSeveralThreads() {
        let threads = Cores.shared.threads
        let bad = Counts(1)
        let workers = (0..<4).map { number in
            Worker {
                for round in 0..<300 {
                    let count = [0, 1, 2, 3, 17, 64, 257][(round + number) % 7]
                    let counts = Counts(count)
                    Cores.shared.parallel(count) { chunk, worker in
                        if !(0..<threads).contains(worker) { bad.add(0) }
                        counts.add(chunk)
                    }
                    if !counts.allOnce { bad.add(0) }
                }
            }
        }
        workers.forEach { $0.wait() }
        #expect(bad.seen[0].value.load(ordering: .relaxed) == 0)
    }

    @Test func everyElementIsInOneRangeWhateverTheGrain() {
        for total in [0, 1, 7, 100, 1000] {
            for grain in [1, 3, 64, 2000] {
                let counts = Counts(total)
                Cores.shared.parallel(over: total, grain: grain) { range, _ in range.forEach { counts.add($0) } }
                #expect(counts.allOnce, "\(total) by \(grain)")
            }
        }
    }

    @Test func aLeaseIsReentrantAndGivesBackItsValueAndError() {
        struct Failure: Error {}
        let value = Cores.shared.withLease(.background) {
            Cores.shared.withLease(.interactive) {
                Cores.shared.border()
                return Cores.shared.withLease(.background) { 42 }
            }
        }
        #expect(value == 42)
        #expect(throws: Failure.self) { try Cores.shared.withLease(.interactive) { throw Failure() } }
        // Given back after the error: another thread gets it.
        let other = Worker { Cores.shared.withLease(.interactive) {} }
        other.wait()
    }

    @Test func interactiveWorkOvertakesBackgroundWorkAtABorderAndOnlyThere() {
        let journal = Journal()
        let holds = DispatchSemaphore(value: 0)
        let background = Worker {
            Cores.shared.withLease(.background) {
                holds.signal()
                journal.write("background begins")
                Self.passBorders(until: journal, has: "interactive")
                journal.write("background ends")
            }
        }
        #expect(holds.wait(timeout: .now() + 60) == .success)
        let interactive = Worker { Cores.shared.withLease(.interactive) { journal.write("interactive") } }
        interactive.wait()
        background.wait()
        #expect(journal.text == ["background begins", "interactive", "background ends"])
    }

    @Test func aNestedBackgroundLeaseStepsAsideAndComesBackWhole() {
        let journal = Journal()
        let holds = DispatchSemaphore(value: 0)
        let background = Worker {
            Cores.shared.withLease(.background) {
                Cores.shared.withLease(.background) {
                    holds.signal()
                    Self.passBorders(until: journal, has: "interactive")
                }
                journal.write("outer still runs")
            }
        }
        #expect(holds.wait(timeout: .now() + 60) == .success)
        Worker { Cores.shared.withLease(.interactive) { journal.write("interactive") } }.wait()
        background.wait()
        Worker { Cores.shared.withLease(.background) { journal.write("after") } }.wait()
        #expect(journal.text == ["interactive", "outer still runs", "after"])
    }

    @Test func oneHolderAtATime() {
        let inside = Counts(1), bad = Counts(1)
        let workers = (0..<6).map { number in
            Worker {
                for _ in 0..<200 {
                    Cores.shared.withLease(number % 2 == 0 ? .interactive : .background) {
                        inside.add(0)
                        if inside.seen[0].value.load(ordering: .sequentiallyConsistent) != 1 { bad.add(0) }
                        inside.seen[0].value.subtract(1, ordering: .sequentiallyConsistent)
                        Cores.shared.border()
                    }
                }
            }
        }
        workers.forEach { $0.wait() }
        #expect(bad.seen[0].value.load(ordering: .relaxed) == 0)
    }

    @Test func aCancellationIsSeenByEveryThreadAndStays() {
        let cancellation = Cancellation()
        #expect(!cancellation.isCancelled)
        Worker { cancellation.cancel() }.wait()
        #expect(cancellation.isCancelled)
        cancellation.cancel()
        #expect(cancellation.isCancelled)
    }
}
