import Addresses
import Diagnosis
import Firmware
import Testing

/// What each witness must say of labs/secureboot's machine, taken from what it saw and not from
/// pxelab's own checks alone.
struct SecureBootWitnesses {
  private let machine: MachineVerdict
  private let mac: MACAddress
  private let server: IPv4Address
  private let vlan: VLANID

  init(_ machine: MachineVerdict) throws {
    self.machine = machine
    mac = try #require(MACAddress("de:00:00:00:00:de"))
    server = try #require(IPv4Address("192.168.100.1"))
    vlan = try #require(VLANID(rawValue: 100))
  }

  func expectAll() throws {
    try expectWire()
    try expectGuest()
    try expectHost()
  }

  /// The whole exchange on VLAN 100, and every byte of the network boot program.
  func expectWire() throws {
    #expect(machine.witnesses.wire.holds, machine.complaints)
    let wire = try #require(machine.witnesses.wire.seen)
    #expect(wire.mac == mac)
    #expect(wire.vlans == [vlan])
    let exchange = try #require(wire.bootLease)
    #expect(exchange.discovers > 0)
    #expect(exchange.vlan == vlan)
    #expect(exchange.acks.map(\.server) == [server])
    let file = try #require(wire.bootFile)
    let transfers = wire.transfers(of: file)
    #expect(
      transfers.contains {
        $0.isWhole && $0.size == $0.bytes && $0.bytes > 0 && $0.vlan == vlan
          && $0.server == .v4(server)
      }, "\(transfers)")
  }

  /// Secure Boot, lockdown, and that BootCurrent is the network entry of this very NIC.
  func expectGuest() throws {
    #expect(machine.witnesses.guest.holds, machine.complaints)
    let guest = try #require(machine.witnesses.guest.seen)
    #expect(guest.secureBoot == true)
    #expect(guest.lockdown == "integrity" || guest.lockdown == "confidentiality")
    #expect(guest.nics.contains { $0.mac == mac })
    let current = try #require(guest.bootCurrent)
    let entry = try #require(guest.bootEntries?[current])
    #expect(entry.contains("de00000000de"), "BootCurrent is \(current): \(entry)")
    #expect(guest.bootOrder?.contains(current) == true)
  }

  /// An access port of VLAN 100 without VLAN 1, SMM, and a secure loader.
  func expectHost() throws {
    #expect(machine.witnesses.host.holds, machine.complaints)
    let host = try #require(machine.witnesses.host.seen)
    #expect(host.smm)
    #expect(host.secureLoader)
    #expect(host.interface(mac)?.bootOrder == 1)
    let port = try #require(host.port(of: mac))
    #expect(port.pvid == vlan)
    #expect(port.untagged == [vlan])
    #expect(port.tagged == [])
  }
}
