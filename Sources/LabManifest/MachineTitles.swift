import KubeVirt
import Objects

extension [Machine] {
  /// What each machine is called in a lab: its name, or `namespace.name` where machines of several
  /// namespaces have it. No name of a lab has a dot, so no two machines are called the same.
  package var titles: [String] {
    let counts = Dictionary(map { ($0.name, 1) }, uniquingKeysWith: +)
    return map { counts[$0.name] == 1 ? $0.name : "\($0.namespace).\($0.name)" }
  }
}
