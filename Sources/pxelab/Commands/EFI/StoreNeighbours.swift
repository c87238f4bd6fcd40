import FileSystem
import Firmware

/// The firmware images that lie beside a variable store.
struct StoreNeighbours {
  let folder: String
  let name: String

  init(of path: String) {
    let end = path.lastIndex(of: "/")
    folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    name = end.map { String(path[path.index(after: $0)...]) } ?? path
  }

  /// What is wrong with the store's size beside them; `nil` where nothing is, or nothing is known.
  func mismatch(of stored: StoredVariables) -> FirmwareFit.Mismatch? {
    guard let size = stored.flashSize, let names = try? Files.names(in: folder) else { return nil }
    let others = names.filter { $0 != name && FirmwareFit.isCode($0) }.compactMap { name in
      Files.size(of: "\(folder)/\(name)").map { FirmwareFit.File(name: name, size: $0) }
    }
    return FirmwareFit.mismatch(of: FirmwareFit.File(name: name, size: size), beside: others)
  }
}
