import Addresses
import KubeVirt
import LabManifest
import Objects

/// The MAC addresses of the interfaces that name none.
///
/// An address depends on the lab's, the machine's and the interface's name, so that it is the same
/// at every start and other machines do not change it; only where two would get the same one, or a
/// manifest gives it to an interface, is it the next that is free.
struct MACAssignment {
  private struct Owner: Hashable {
    var machine: ObjectKey
    var interface: String
  }

  /// Locally administered unicast addresses (IEEE 802c, administratively assigned).
  private static let defaultPool = MACAddressPool(
    first: MACAddress(rawValue: 0x0200_0000_0000), last: MACAddress(rawValue: 0x02ff_ffff_ffff))
  /// KubeVirt's own bridge inside the pod.
  private static let reserved = MACAddress(rawValue: 0x0200_0000_0000)

  private var addresses: [Owner: MACAddress] = [:]

  /// Assigns addresses from a pool, or from pxelab's own where there is none.
  ///
  /// - Throws: ``PlanningError`` when the pool has too few.
  init(_ machines: [Machine], lab: String, pool: MACAddressPool?) throws(PlanningError) {
    var taken: Set<MACAddress> = [Self.reserved]
    taken.formUnion(machines.flatMap { $0.interfaces.compactMap(\.macAddress) })
    for (machine, title) in zip(machines, machines.titles) {
      for interface in machine.interfaces where interface.macAddress == nil {
        let seed = StableIdentity.digest("\(lab)/\(title)/\(interface.name)")
        guard let range = pool ?? Self.defaultPool,
          let address = Self.firstFree(in: range, from: seed, taken)
        else {
          throw PlanningError(
            description: "no MAC address is left for interface \(interface.name) of"
              + " \(title)" + (pool.map { ": \(Self.exhaustion($0))" } ?? ""))
        }
        taken.insert(address)
        addresses[Owner(machine: machine.key, interface: interface.name)] = address
      }
    }
  }

  /// The interface's address: its own, or the one assigned to it.
  func address(of interface: NetworkInterface, in machine: Machine) -> MACAddress? {
    interface.macAddress
      ?? addresses[Owner(machine: machine.key, interface: interface.name)]
  }

  private static func firstFree(
    in pool: MACAddressPool, from seed: UInt64, _ taken: Set<MACAddress>
  ) -> MACAddress? {
    let start = seed % pool.count
    // Of so many addresses in a row, at least one is not taken.
    for step in 0..<min(pool.count, UInt64(taken.count) + 1) {
      let offset = (start + step) % pool.count
      let address = MACAddress(rawValue: pool.first.rawValue + offset)
      if !taken.contains(address) { return address }
    }
    return nil
  }

  private static func exhaustion(_ pool: MACAddressPool) -> String {
    "the range of kubeMacPoolConfiguration, \(pool.first) to \(pool.last), has \(pool.count)"
      + " and all are taken; widen it, or give the interface a macAddress"
  }
}
