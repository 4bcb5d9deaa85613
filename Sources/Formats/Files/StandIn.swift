import Compute

/// What lies in a file's place when the file itself was never fetched.
package enum StandIn {
    private static let pointer = Array("version https://git-lfs.github.com/spec/".utf8)

    /// - Throws: ``FormatsError/unsupported(file:what:hint:)`` for a Git LFS pointer: some lines that name the file.
    static func refuse(_ file: MappedFile) throws { try refuse(file.bytes, path: file.path) }

    /// The same of a file's first bytes.
    package static func refuse(_ start: some Sequence<UInt8>, path: String) throws {
        guard start.starts(with: pointer) else { return }
        throw FormatsError.unsupported(
            file: path, what: "it is a Git LFS pointer, a few lines in place of the file itself",
            hint: "`git lfs pull` in its folder, or `hf download`, fetches the file")
    }

    /// As ``refuse(_:)``, for a file that cannot be empty.
    static func refuseEmpty(_ file: MappedFile) throws {
        guard !file.bytes.isEmpty else {
            throw FormatsError.malformed(file: file.path, offset: 0, what: "the file is empty")
        }
        try refuse(file)
    }
}
