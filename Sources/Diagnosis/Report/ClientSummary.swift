import Addresses
import PXEWire

/// A client of a capture in one row.
package struct ClientSummary: Codable, Hashable, Sendable {
  /// Its MAC address.
  package let mac: MACAddress
  /// The VLAN of its frames; `nil` for untagged.
  package let vlan: VLANID?
  /// The tunnel that its frames were inside: `VXLAN, VNI 42`; `nil` for none.
  package let tunnel: String?
  /// How far it got.
  package let stage: ClientStage
  /// What it is, as its first DHCP message says (option 93).
  package let architecture: ClientArchitecture?
  /// What asked: the firmware, and what ran after it.
  package let programs: [String]
  /// The address that it was given last.
  package let address: String?
  /// The DHCP server that gave it.
  package let server: String?
  /// The network boot program's name.
  package let bootFile: String?
  /// How its boot ended; `nil` of a host that did not look for something to boot.
  package let outcome: ClientOutcome?
  /// What proves that it booted, in words.
  package let proof: String?

  private enum CodingKeys: CodingKey {
    case mac, vlan, tunnel, stage, architecture, programs, address, server, bootFile, outcome, proof
  }

  init(_ trace: ClientTrace, outcome: ClientOutcome?, proof: String?) {
    self.outcome = outcome
    self.proof = proof
    let progress = BootProgress(trace)
    mac = trace.mac
    vlan = trace.vlans.compactMap { $0 }.first
    tunnel = trace.tunnels.first?.name
    stage = progress.stage(of: trace)
    architecture =
      trace.exchanges.lazy.compactMap(\.architecture).first
      ?? trace.exchangesV6.lazy.compactMap(\.architecture).first
    programs = progress.programs
    let grant = trace.leased?.acks.last
    let grantV6 = trace.exchangesV6.flatMap(\.replies).last { !$0.addresses.isEmpty }
    address =
      grant?.address.map { "\($0)" } ?? grantV6?.addresses.first.map { "\($0)" }
    server =
      (grant ?? trace.exchanges.last?.offers.last).map { "\($0.server)" }
      ?? grantV6.map { "\($0.source)" }
    bootFile = trace.bootFile
  }
}

extension ClientSummary {
  /// Whether it looked for something to boot.
  package var looksForBoot: Bool {
    programs.contains { $0 != BootAgent.other.title } || architecture != nil
  }

  /// Encodes every key, without a value as null.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mac, forKey: .mac)
    try container.encode(vlan, forKey: .vlan)
    try container.encode(tunnel, forKey: .tunnel)
    try container.encode(stage, forKey: .stage)
    try container.encode(architecture, forKey: .architecture)
    try container.encode(programs, forKey: .programs)
    try container.encode(address, forKey: .address)
    try container.encode(server, forKey: .server)
    try container.encode(bootFile, forKey: .bootFile)
    try container.encode(outcome, forKey: .outcome)
    try container.encode(proof, forKey: .proof)
  }
}
