import Addresses
import PXEWire

/// Asks the packets.
enum WireWitness {
  static func witness(in evidence: Evidence) -> Witness<ClientTrace> {
    guard let expectation = evidence.expectation else { return Witness(missing: .noExpectation) }
    guard let trace = evidence.trace, trace.frames > 0 else {
      return Witness(missing: "no frame from \(expectation.mac) was captured")
    }
    return Witness(
      trace,
      checks: [
        discover(trace, expectation, evidence), ack(trace, expectation, evidence),
        program(trace, expectation, evidence),
        vlans(trace, expectation),
      ])
  }

  private static func discover(
    _ trace: ClientTrace, _ expectation: MachineExpectation, _ evidence: Evidence
  ) -> Check {
    let seen = trace.exchanges.filter { $0.discovers > 0 }
    let places = unique(seen.map { place($0.vlan) })
    return Check(
      "DHCP DISCOVER", expected: "from \(expectation.mac) \(place(expectation.vlan))",
      seen: seen.isEmpty ? nil : "from \(trace.mac) \(places.joined(separator: " and "))",
      holds: judged(seen.contains { $0.vlan == expectation.vlan }, evidence))
  }

  private static func ack(
    _ trace: ClientTrace, _ expectation: MachineExpectation, _ evidence: Evidence
  ) -> Check {
    let onVLAN = trace.exchanges.filter { $0.vlan == expectation.vlan }.flatMap(\.acks)
    let servers = unique(onVLAN.map { "\($0.server)" })
    let expected = expectation.server.map { "from \($0)" } ?? "from any server"
    let addresses = unique(onVLAN.compactMap { $0.address.map { "\($0)" } })
    let right =
      !onVLAN.isEmpty
      && onVLAN.allSatisfy { expectation.server == nil || $0.server == expectation.server }
    return Check(
      "DHCP ACK", expected: "\(expected) \(place(expectation.vlan))",
      seen: onVLAN.isEmpty
        ? nil
        : "\(addresses.joined(separator: ", ")) from \(servers.joined(separator: ", ")) "
          + place(expectation.vlan),
      // A second server's ACK is wrong however many packets were lost.
      holds: onVLAN.isEmpty ? judged(false, evidence) : right)
  }

  private static func program(
    _ trace: ClientTrace, _ expectation: MachineExpectation, _ evidence: Evidence
  ) -> Check {
    guard let file = evidence.bootFile else {
      return Check(
        "NBP", expected: "a boot file, named by the server", seen: nil,
        holds: judged(false, evidence))
    }
    let transfers = trace.transfers(of: file).filter { $0.vlan == expectation.vlan }
    let size = expectation.fileSizes[file]
    let best =
      transfers.last { $0.isWhole && (size == nil || size == $0.bytes) }
      ?? transfers.max { $0.bytes < $1.bytes }
    let isRight =
      best.map {
        $0.isWhole && ($0.size ?? size) == $0.bytes && (size == nil || size == $0.bytes)
          && (expectation.server == nil || $0.server.v4 == expectation.server)
      } ?? false
    let bytes = (size ?? best?.size).map { ", \($0) bytes" } ?? ""
    return Check(
      "NBP", expected: "\(file) completely\(bytes), \(place(expectation.vlan))",
      seen: best.map {
        "\($0.bytes) bytes from \($0.server), \($0.state.rawValue), \(place($0.vlan))"
          + ($0.missedBlocks > 0 ? ", \($0.missedBlocks) blocks not captured" : "")
      },
      holds: judged(isRight, evidence))
  }

  private static func vlans(_ trace: ClientTrace, _ expectation: MachineExpectation) -> Check {
    let isOnly = trace.vlans.allSatisfy { $0 == expectation.vlan }
    return Check(
      "VLAN", expected: "frames \(place(expectation.vlan)) only",
      seen: "frames " + trace.vlans.map { place($0) }.joined(separator: " and "), holds: isOnly)
  }

  /// What was not seen may have been lost: then there is no judgement.
  private static func judged(_ holds: Bool, _ evidence: Evidence) -> Bool? {
    holds ? true : evidence.dropped > 0 ? nil : false
  }

  private static func place(_ vlan: VLANID?) -> String {
    vlan.map { "on VLAN \($0)" } ?? "untagged"
  }

  private static func unique(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }
}
