import KubeVirt
import Objects

/// Looks through files for objects of a kind, before the objects are read in their order.
enum ManifestScan {
  /// The objects of those files that have a word in them, at its beginning or not; the others are not
  /// read.
  static func documents(
    of files: [(path: String, bytes: [UInt8])], mentioning word: String
  ) -> some Sequence<ManifestDocument> {
    files.lazy.filter { offset(of: word, in: $0.bytes) { !isLetter($0) } != nil }
      .flatMap { ManifestReader(path: $0.path, bytes: $0.bytes) }
      .compactMap { element in
        guard case .document(let document) = element else { return nil }
        return document
      }
  }

  /// The cluster's settings, which may stand after the machines that they bear on.
  static func clusterSource(of files: [(path: String, bytes: [UInt8])]) -> ClusterSource? {
    for kind in ["HyperConverged", "KubeVirt"] {
      for document in documents(of: files, mentioning: kind) where document.kind == kind {
        // What is wrong with them is said when it is their turn.
        let log = ProblemLog(object: document.object)
        guard let settings = ClusterSettings(document, log: log) else { continue }
        return ClusterSource(settings: settings, document: document, log: log)
      }
    }
    return nil
  }

  /// Where a word is for the first time among bytes, if it is.
  ///
  /// - Parameter next: whether the byte after it, `nil` at the end, lets it be the word.
  static func offset(
    of word: String, in bytes: [UInt8], before next: (UInt8?) -> Bool = { _ in true }
  ) -> Int? {
    let wanted = Array(word.utf8)
    guard let first = wanted.first else { return 0 }
    return bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while rest.count >= wanted.count, let start = rest.firstIndex(of: first) {
        if rest[start...].starts(with: wanted), next(rest[start...].dropFirst(wanted.count).first) {
          return start
        }
        rest = rest[(start + 1)...]
      }
      return nil
    }
  }

  private static func isLetter(_ byte: UInt8?) -> Bool {
    byte.map { (0x41...0x5a).contains($0 & 0xdf) } ?? false
  }
}
