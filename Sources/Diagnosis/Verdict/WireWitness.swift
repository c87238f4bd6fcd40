import Addresses
import PXEWire

/// Asks the packets.
enum WireWitness {
  static func witness(in evidence: Evidence) -> Witness<ClientTrace> {
    guard let expectation = evidence.expectation else { return Witness(missing: .noExpectation) }
    guard let trace = evidence.trace, trace.frames > 0 else {
      if expectation.disk != nil, expectation.earlierBoots.isEmpty {
        // A machine that boots from its disk need not send anything.
        let silent = ClientTrace(mac: expectation.mac, firstSeen: Timestamp(seconds: 0))
        return Witness(silent, checks: [noProgram(silent, expectation, evidence)])
      }
      return Witness(missing: "no frame from \(expectation.mac) was captured")
    }
    let boot: [Check]
    if expectation.disk == nil || expectation.earlierBoots.contains(where: \.isInterface) {
      let isIPv6 = expectation.bootLocation?.isIPv6 == true
      boot =
        (isIPv6
          ? [solicit(trace, expectation, evidence), reply(trace, expectation, evidence)]
          : [discover(trace, expectation, evidence), ack(trace, expectation, evidence)])
        + [program(trace, expectation, evidence)]
    } else {
      boot = [noProgram(trace, expectation, evidence)]
    }
    return Witness(trace, checks: boot + [vlans(trace, expectation)])
  }

  private static func discover(
    _ trace: ClientTrace, _ expectation: MachineExpectation, _ evidence: Evidence
  ) -> Check {
    let seen = trace.exchanges.filter { $0.discovers > 0 }
    let places = unique(seen.map { place($0.vlan) })
    return Check(
      "DHCP DISCOVER", expected: "from \(expectation.mac) \(place(expectation.vlan))",
      seen: seen.isEmpty
        ? nil
        : "from \(trace.mac) \(places.joined(separator: " and "))"
          + (evidence.path(of: .lease("DISCOVER")).map { "; it \($0)" } ?? ""),
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

  private static func solicit(
    _ trace: ClientTrace, _ expectation: MachineExpectation, _ evidence: Evidence
  ) -> Check {
    let seen = trace.exchangesV6.filter { $0.solicits > 0 }
    let places = unique(seen.map { place($0.vlan) })
    return Check(
      "DHCPv6 SOLICIT", expected: "from \(expectation.mac) \(place(expectation.vlan))",
      seen: seen.isEmpty
        ? nil
        : "from \(trace.mac) \(places.joined(separator: " and "))"
          + (evidence.path(of: .leaseV6("SOLICIT")).map { "; it \($0)" } ?? ""),
      holds: judged(seen.contains { $0.vlan == expectation.vlan }, evidence))
  }

  private static func reply(
    _ trace: ClientTrace, _ expectation: MachineExpectation, _ evidence: Evidence
  ) -> Check {
    let onVLAN = trace.exchangesV6.filter { $0.vlan == expectation.vlan }.flatMap(\.replies)
    let addresses = unique(onVLAN.flatMap(\.addresses).map { "\($0)" })
    let urls = unique(onVLAN.compactMap(\.bootFileURL))
    return Check(
      "DHCPv6 REPLY",
      expected: "an address and \(expectation.bootFile ?? "a URL"), \(place(expectation.vlan))",
      seen: onVLAN.isEmpty
        ? nil : (addresses + urls).joined(separator: ", ") + ", \(place(expectation.vlan))",
      holds: judged(
        !addresses.isEmpty && expectation.bootFile.map { urls.contains($0) } ?? !urls.isEmpty,
        evidence))
  }

  /// What the firmware loaded, whatever by. Of HTTPS only the connection can be judged.
  private static func program(
    _ trace: ClientTrace, _ expectation: MachineExpectation, _ evidence: Evidence
  ) -> Check {
    guard let file = evidence.bootFile else {
      return Check(
        "NBP", expected: "a boot file, named by the server", seen: nil,
        holds: judged(false, evidence))
    }
    let size = expectation.fileSizes[file]
    let location = expectation.bootLocation
    let server: IPAddress? = location?.server ?? expectation.server.map { .v4($0) }
    if location?.scheme == "https" { return secured(file, server, trace, expectation, evidence) }
    let candidates: [Download] =
      location?.scheme == "http"
      ? trace.httpTransfers(of: file).map(Download.init)
      : trace.transfers(of: file).map(Download.init)
    let downloads = candidates.filter { $0.vlan == expectation.vlan }
    let best =
      downloads.last { $0.isWhole && (size == nil || size == $0.bytes) }
      ?? downloads.max { $0.bytes < $1.bytes }
    let isRight =
      best.map {
        $0.isWhole && ($0.size ?? size) == $0.bytes && (size == nil || size == $0.bytes)
          && (server == nil || $0.server == server)
      } ?? false
    let bytes = (size ?? best?.size).map { ", \($0) bytes" } ?? ""
    return Check(
      "NBP",
      expected: "\(expectation.bootFile ?? file) completely\(bytes), \(place(expectation.vlan))",
      seen: seen(
        best.map {
          "\($0.bytes) bytes from \($0.server), \($0.state), \(place($0.vlan))"
            + ($0.missed.map { ", \($0) not captured" } ?? "")
        }, isRight, evidence),
      holds: judged(isRight, evidence))
  }

  /// What is on the wire is the connection and how much came over it; what was asked for is the
  /// server's word, where it has a log.
  private static func secured(
    _ file: String, _ server: IPAddress?, _ trace: ClientTrace, _ expectation: MachineExpectation,
    _ evidence: Evidence
  ) -> Check {
    let size = expectation.fileSizes[file]
    let connections = trace.httpTransfers.filter {
      $0.isTLS && $0.vlan == expectation.vlan && (server == nil || $0.server == server)
    }
    let sound = connections.filter { $0.isTrusted && $0.tlsAlert == nil }
    let best = sound.max { $0.bytes < $1.bytes }
    var seen: [String] = []
    if let best {
      seen.append("\(best.bytes) bytes over TLS from \(best.server), \(place(best.vlan))")
    }
    if let alert = connections.lazy.compactMap(\.tlsAlert).first {
      seen.append("TLS alert \(alert.meaning ?? "\(alert.code)")")
    }
    if connections.contains(where: \.isUntrusted) {
      seen.append("TLS broken off after the server's certificate")
    }
    var isDelivered = true
    if let requests = evidence.servedRequests {
      let own = requests.filter { request in
        sound.contains { $0.client == request.client && $0.clientPort == request.clientPort }
      }
      isDelivered = own.contains { $0.delivers(file) }
      seen.append(
        "by the server's log "
          + (own.isEmpty
            ? "nothing"
            : own.map { "\($0.method) \($0.path) \($0.status)" }.joined(separator: ", ")))
    }
    let bytes = size.map { ", at least \($0) bytes" } ?? ""
    let isRight = (best?.bytes ?? 0) >= max(1, size ?? 0) && isDelivered
    return Check(
      "NBP",
      expected: "\(expectation.bootFile ?? file) over TLS\(bytes), \(place(expectation.vlan))",
      seen: self.seen(
        connections.isEmpty ? nil : seen.joined(separator: "; "), isRight, evidence),
      holds: judged(isRight, evidence))
  }

  /// What was seen of a download and, where it is not as it should be, how far the questions got that
  /// come before it.
  private static func seen(_ download: String?, _ isRight: Bool, _ evidence: Evidence) -> String? {
    guard !isRight else { return download }
    let ways = evidence.pathEvidence(for: .server).map(\.text)
    let parts = (download.map { [$0] } ?? (ways.isEmpty ? [] : ["nothing"])) + ways
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// Nothing that the machine could have booted came by the network.
  private static func noProgram(
    _ trace: ClientTrace, _ expectation: MachineExpectation, _ evidence: Evidence
  ) -> Check {
    let loaded =
      trace.transfers.filter { $0.state != .sizeOnly && $0.isWhole }.map(\.file)
      + trace.httpTransfers.filter { $0.method == "GET" && $0.isWhole }.map(\.url)
    return Check(
      "NBP", expected: "none: the disk boots",
      seen: loaded.isEmpty ? "none" : loaded.joined(separator: ", "),
      holds: loaded.isEmpty ? judged(true, evidence) : false)
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

/// A file that came by TFTP or HTTP.
private struct Download {
  var server: IPAddress
  var vlan: VLANID?
  var bytes: Int
  var size: Int?
  var isWhole: Bool
  var state: String
  /// What the capture lacks of it.
  var missed: String?

  init(_ transfer: TFTPTransfer) {
    server = transfer.server
    vlan = transfer.vlan
    bytes = transfer.bytes
    size = transfer.size
    isWhole = transfer.isWhole
    state = transfer.state.rawValue
    missed = transfer.missedBlocks > 0 ? "\(transfer.missedBlocks) blocks" : nil
  }

  init(_ transfer: HTTPTransfer) {
    server = transfer.server
    vlan = transfer.vlan
    bytes = transfer.bytes
    size = transfer.contentLength
    isWhole = transfer.isWhole
    state = transfer.state.rawValue
    missed = transfer.missedBytes > 0 ? "\(transfer.missedBytes) bytes" : nil
  }
}
