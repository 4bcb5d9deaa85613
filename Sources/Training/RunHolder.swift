/// Who holds a run's folder, or a study's.
package struct RunHolder: Equatable, Sendable, CustomStringConvertible {
    /// Its process's id; nil where the folder does not say it.
    package let process: Int32?

    package var description: String { process.map { "process \($0)" } ?? "another process" }
}
