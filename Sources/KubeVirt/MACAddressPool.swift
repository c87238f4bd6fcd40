import Addresses
import Objects

/// The MAC addresses that interfaces without one get: `kubeMacPoolConfiguration` of a
/// HyperConverged (hyperconverged-cluster-operator, api/v1beta1).
package struct MACAddressPool: Hashable, Sendable {
  /// The first address.
  package let first: MACAddress
  /// The last address, not before the first.
  package let last: MACAddress

  /// The addresses from one to another; `nil` when they are the wrong way round.
  package init?(first: MACAddress, last: MACAddress) {
    guard first.rawValue <= last.rawValue else { return nil }
    self.first = first
    self.last = last
  }

  /// How many addresses there are, at least one.
  package var count: UInt64 { last.rawValue - first.rawValue + 1 }
}

extension MACAddressPool {
  /// Reads `kubeMacPoolConfiguration`; `nil` when it is absent or, which is reported, unusable.
  init?(_ field: Field) {
    guard field.exists else { return nil }
    func address(_ name: String) -> MACAddress? {
      guard let text = field[name].string else { return nil }
      guard let octets = hardwareAddress(text), let address = MACAddress(octets: octets) else {
        field[name].error(
          "\(text.prefix(64).debugDescription) is not the MAC address of one interface, such as"
            + " 02:00:00:00:00:01")
        return nil
      }
      // The API server and HCO's webhook take it (cluster-network-addons-operator,
      // pkg/network/kubemacpool.go).
      if address.isMulticast {
        field[name].warning(
          "\(text) is an address of many (the lowest bit of its first octet is 1): a cluster takes the"
            + " object, and its network operator is Degraded, \"Multicast addressing is not supported\";"
            + " interfaces get addresses as without a pool")
        return nil
      }
      return address
    }
    let first = address("rangeStart")
    let last = address("rangeEnd")
    guard let first, let last else {
      if field["rangeStart"].exists != field["rangeEnd"].exists {
        field.error("both rangeStart and rangeEnd must be configured together")
      }
      return nil
    }
    if first.rawValue > last.rawValue {
      field.error("rangeStart \(first) is after rangeEnd \(last)")
    }
    self.init(first: first, last: last)
  }
}
