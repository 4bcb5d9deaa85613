/// Which genac this is. Runs record it, because the bits of a training step may change from one version to the next:
/// CHANGELOG.md says when they did.
package enum Version {
    /// As `genac --version`, runs and saved checkpoints say it.
    package static let current = "0.3.0"
}
