import Objects

/// A release of the reference CNI plugins (github.com/containernetworking/plugins), as a node has
/// it: what the `bridge` plugin knows and does depends on it.
package struct CNIPluginsVersion: Hashable, Sendable {
  /// The numbers of `1.9.1`.
  let major: Int, minor: Int, patch: Int

  init(_ major: Int, _ minor: Int, _ patch: Int) {
    self.major = major
    self.minor = minor
    self.patch = patch
  }

  /// The releases that pxelab can stand for, ascending.
  package static let released = [
    CNIPluginsVersion(1, 0, 0), CNIPluginsVersion(1, 0, 1), CNIPluginsVersion(1, 1, 0),
    CNIPluginsVersion(1, 1, 1), CNIPluginsVersion(1, 2, 0), CNIPluginsVersion(1, 3, 0),
    CNIPluginsVersion(1, 4, 0), CNIPluginsVersion(1, 4, 1), CNIPluginsVersion(1, 5, 0),
    CNIPluginsVersion(1, 5, 1), CNIPluginsVersion(1, 6, 0), CNIPluginsVersion(1, 6, 1),
    CNIPluginsVersion(1, 6, 2), CNIPluginsVersion(1, 7, 0), CNIPluginsVersion(1, 7, 1),
    CNIPluginsVersion(1, 8, 0), CNIPluginsVersion(1, 9, 0), newest,
  ]

  /// The newest release, which a lab stands for unless it is told otherwise.
  package static let newest = CNIPluginsVersion(1, 9, 1)
}

extension CNIPluginsVersion: Comparable {
  /// The order of the releases.
  package static func < (left: CNIPluginsVersion, right: CNIPluginsVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}

extension CNIPluginsVersion: LosslessStringConvertible {
  /// A release; `nil` for a text that is none of ``released``. A leading `v` is taken.
  package init?(_ text: String) {
    let digits = text.hasPrefix("v") ? String(text.dropFirst()) : text
    guard let release = Self.released.first(where: { $0.description == digits }) else { return nil }
    self = release
  }

  /// `1.9.1`.
  package var description: String { "\(major).\(minor).\(patch)" }
}

extension CNIPluginsVersion: Codable {
  /// Reads `1.9.1`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let release = Self(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: Self.objection(to: text))
    }
    self = release
  }

  /// Writes `1.9.1`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Why a text is no release, and which there are.
  package static func objection(to text: String) -> String {
    let known = released.map(\.description)
    return "\(String(text.prefix(64)).debugDescription) is no release of the CNI plugins"
      + " that a lab can stand for; there are \(known.joined(separator: ", "))"
  }
}

extension CNIPluginsVersion {
  /// From 1.3.0 on there are vlanTrunk and preserveDefaultVlan.
  var hasVLANTrunk: Bool { self >= CNIPluginsVersion(1, 3, 0) }

  /// From 1.8.0 on an absent preserveDefaultVlan means false, vlan and vlanTrunk go together, and a
  /// trunk without vlan gets VLAN 1 as its native VLAN.
  var removesDefaultVLAN: Bool { self >= CNIPluginsVersion(1, 8, 0) }

  /// From 1.3.0 to before 1.8.0 a port is an access port or a trunk, not both.
  var refusesVLANWithTrunk: Bool { hasVLANTrunk && !removesDefaultVLAN }

  /// The CNI specifications that the plugins speak: libcni 1.2 brought 1.1.0, with plugins 1.6.0.
  var cniVersions: [String] {
    ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0"]
      + (self >= CNIPluginsVersion(1, 6, 0) ? ["1.1.0"] : [])
  }

  /// From 1.7.0 on an address of IPv6 is kept when its interface goes down.
  var keepsAddressesOnDown: Bool { self >= CNIPluginsVersion(1, 7, 0) }

  /// From Go 1.24 on, with which 1.7.0 and later are built, encoding/json names embedded
  /// structures in its messages.
  var namesEmbeddedStructures: Bool { self >= CNIPluginsVersion(1, 7, 0) }
}
