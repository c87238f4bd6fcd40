import Objects

/// The files of which kustomizations among files make objects, and which are none themselves: patches,
/// values, settings (kustomize, api/types/kustomization.go). Resources and components are left out, as
/// people apply them by themselves too.
struct KustomizeInputs {
  /// The folder of the kustomization by the path of the file that it names.
  private var folders: [String: String] = [:]

  /// Reads the kustomizations among files.
  init(_ files: [(path: String, bytes: [UInt8])]) {
    for file in files where ForeignFile.isKustomization(file.path) {
      var parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
      parts.removeLast()
      let folder = parts.joined(separator: "/")
      guard let root = Self.root(of: file) else { continue }
      for name in Self.names(in: root) {
        folders[Self.normal(folder.isEmpty ? name : "\(folder)/\(name)")] =
          folder.isEmpty ? "." : folder
      }
    }
  }

  /// The folder of the kustomization that a file is for; `nil` for others.
  func folder(of path: String) -> String? {
    folders.isEmpty ? nil : folders[Self.normal(path)]
  }

  /// `nil` for one that cannot be read: that is for kustomize to say.
  private static func root(of file: (path: String, bytes: [UInt8])) -> ObjectNode? {
    do throws(Problem) {
      return try ObjectNode(yaml: String(decoding: file.bytes, as: UTF8.self), file: file.path)
    } catch {
      return nil
    }
  }

  private static func names(in root: ObjectNode) -> [String] {
    func texts(_ node: ObjectNode?) -> [String] {
      (node?.items ?? []).compactMap { $0.scalar?.text }
    }
    var names: [String] = []
    for key in ["patches", "patchesJson6902", "replacements"] {
      names += (root[key]?.items ?? []).compactMap { $0["path"]?.scalar?.text }
    }
    for key in [
      "patchesStrategicMerge", "configurations", "transformers", "generators", "validators", "crds",
    ] {
      names += texts(root[key])
    }
    for key in ["configMapGenerator", "secretGenerator"] {
      for generator in root[key]?.items ?? [] {
        // `key=file` or a file by itself.
        names += texts(generator["files"]).map { text in
          text.split(separator: "=", maxSplits: 1).last.map(String.init) ?? text
        }
      }
    }
    for chart in root["helmCharts"]?.items ?? [] {
      names += [chart["valuesFile"]?.scalar?.text].compactMap { $0 }
      names += texts(chart["additionalValuesFiles"])
    }
    // A patch may be written in place, and a transformer may be a folder or an address.
    return names.filter { !$0.contains("\n") && !$0.isEmpty }
  }

  /// A path without `.` and, where it can be said, `..`.
  private static func normal(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
