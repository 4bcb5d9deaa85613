import Foundation

/// File names, as completion offers them.
enum Paths {
    static func choices(_ partial: String) -> [String] {
        let cut = partial.lastIndex(of: "/").map { partial.index(after: $0) } ?? partial.startIndex
        let folder = String(partial[..<cut])
        let beginning = partial[cut...]
        let place = folder.isEmpty ? "." : (folder as NSString).expandingTildeInPath
        // A folder that cannot be read offers no names; the command that opens it says why.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.filter { $0.hasPrefix(beginning) && (beginning.hasPrefix(".") || !$0.hasPrefix(".")) }.map {
            name in
            var isDirectory: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isDirectory)
            return folder + name + (isDirectory.boolValue ? "/" : "")
        }
    }
}
