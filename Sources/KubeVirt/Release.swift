import Objects

/// A release of Kubernetes, as far as it bears on placement.
package struct Release: Hashable, Sendable, CustomStringConvertible {
  /// The minor version: 36 of 1.36.
  package let minor: Int

  /// 1.34, whose first patch releases name the taint that keeps a pod away.
  package static let v1_34 = Release(minor: 34)
  /// 1.36.
  package static let v1_36 = Release(minor: 36)
  /// The releases that are known.
  package static let known: [Release] = [v1_34, v1_36]

  private init(minor: Int) { self.minor = minor }

  /// A release by its name, `1.36`; `nil` for one that is not known.
  package init?(_ text: String) {
    guard let release = Self.known.first(where: { $0.description == text }) else { return nil }
    self = release
  }

  /// The release that a Lab object goes by (`spec.kubernetes`), or the newest that is known.
  package init(of lab: ObjectNode?) {
    self = lab?["spec", "kubernetes"]?.scalar.flatMap { Release($0.text) } ?? .v1_36
  }

  /// `1.36`.
  package var description: String { "1.\(minor)" }

  /// Whether the reason of TaintToleration names the taint (up to 1.34.1).
  package var namesTaint: Bool { minor <= 34 }

  /// Whether NodeResourcesBalancedAllocation compares a node with the pod and without (1.36).
  package var comparesBalance: Bool { minor >= 36 }
}
