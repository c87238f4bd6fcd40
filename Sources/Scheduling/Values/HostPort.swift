import KubeVirt

/// A port of a node that a pod takes for itself (pkg/scheduler/framework/types.go, HostPortInfo).
struct HostPort: Hashable, Sendable {
  let address: String
  let protocolName: String
  let number: Int

  static let anyAddress = "0.0.0.0"

  /// A container's port; `nil` when it takes none of the node's.
  init?(_ port: APIValue, isHostNetwork: Bool) {
    let written = port["hostPort"].integer
    number = written == 0 && isHostNetwork ? port["containerPort"].integer : written
    guard number > 0 else { return nil }
    let address = port["hostIP"].string
    self.address = address.isEmpty ? Self.anyAddress : address
    let name = port["protocol"].string
    protocolName = name.isEmpty ? "TCP" : name
  }

  func conflicts(with other: HostPort) -> Bool {
    number == other.number && protocolName == other.protocolName
      && (address == other.address || address == Self.anyAddress
        || other.address == Self.anyAddress)
  }
}
