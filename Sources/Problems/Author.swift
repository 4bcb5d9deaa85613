/// Where a solution came from that no actor sampled here. Its actor is then the one it is rated as: what a critic is
/// told of.
package enum Author: Sendable, Codable, Equatable, CustomStringConvertible {
    /// A person, or whatever wrote the file.
    case file(String)
    /// A person, who changed another solution.
    case edit(of: Int)
    /// An actor of a training run, as its file of rollouts tells.
    case rollouts(String)

    package var description: String {
        switch self {
        case .file(let name): "added from \(name)"
        case .edit(let solution): "edited from \(solution)"
        case .rollouts(let name): "sampled in \(name)"
        }
    }
}
