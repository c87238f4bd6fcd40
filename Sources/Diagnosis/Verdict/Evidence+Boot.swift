import Addresses
import PXEWire

extension Evidence {
  /// What shows that a client overcame a fault.
  enum Success {
    /// It was given an address, or asked for a file.
    case lease
    /// It asked for a file of a server.
    case request
    /// A file arrived whole.
    case load
    /// Something that was loaded ran.
    case run
  }

  /// Whether the client got further after a moment, so that what was wrong before did not keep it
  /// from booting.
  ///
  /// - Parameter agent: who met the fault. An address for the operating system that boots from the
  ///   disk does not help the firmware.
  func overcame(_ success: Success, after time: Timestamp, by agent: BootAgent = .firmware) -> Bool
  {
    guard let progress else { return false }
    let loaded = progress.loads.contains { $0.ended > time && !TFTPTransfer.isOptional($0.file) }
    let ran = (progress.runs + progress.possibleRuns).contains { $0 > time }
    switch success {
    case .lease:
      let leases = progress.bootLeases + (agent.wantsBootFile ? [] : progress.otherLeases)
      return leases.contains { $0 > time } || progress.requests.contains { $0 > time }
    case .request: return progress.requests.contains { $0 > time }
    case .load: return loaded
    case .run: return ran || !console(.shim, .grub, .kernel, .report).isEmpty
    }
  }

  /// How much a fault matters.
  ///
  /// - Parameters:
  ///   - agent: who met it. What asks for no boot file matters only where nothing else does.
  ///   - absence: whether it rests on something not having been seen.
  func severity(by agent: BootAgent = .firmware, absence: Bool = false) -> Finding.Severity {
    if !agent.wantsBootFile, expectation == nil, isBesideBoot { return .info }
    return absence && dropped > 0 ? .warning : .error
  }

  /// How much a failed transfer matters: nothing to a host that asks for addresses and never for
  /// anything to boot, such as a phone that looks for its settings.
  func severityOfTransfer(absence: Bool = false) -> Finding.Severity {
    guard let trace, trace.hasExchanges, !trace.looksForBoot, expectation == nil else {
      return severity(absence: absence)
    }
    return .info
  }

  /// Whether the capture has clients that look for something to boot, and this client, or what ran
  /// on it after its boot, is beside the point.
  private var isBesideBoot: Bool {
    segment.hasBoot
  }

  /// The messages of the firmware on the console that go with a failed network boot.
  var firmwareMessages: [EvidenceItem] {
    console(.pxeError).map { "console: \($0.text)" }
  }
}

extension ClientTrace {
  /// Whether it is, or was, a machine that boots over the network.
  var looksForBoot: Bool {
    exchanges.contains { $0.agent.wantsBootFile || $0.architecture != nil }
      || exchangesV6.contains { $0.agent.wantsBootFile }
  }
}

extension EvidenceItem {
  /// A sentence about packets.
  init(_ text: String, _ packets: [PacketReference]) {
    self.init(
      text,
      packets: packets.filter { $0.frame > 0 }.map { Packet(number: $0.frame, time: $0.time) })
  }
}

extension DHCPExchange {
  /// The packets of the client's messages of one type, as the client sent them.
  func packets(of type: String) -> [PacketReference] {
    let messages = clientMessages.filter { $0.type == type }
    let own = messages.filter { $0.relay == nil }
    return (own.isEmpty ? messages : own).map(\.packet)
  }

  /// Whether the client asks again, and not only its frame was captured twice.
  func repeatsDiscover(after time: Timestamp) -> Bool {
    packets(of: "DISCOVER").contains { $0.time.seconds(since: time) > 0.5 }
  }

  /// Replies that the client could get, not those seen only on their way to a relay agent.
  var heardOffers: [Reply] { offers.filter { !$0.isToRelay } }
}

extension DHCPExchange.Reply {
  /// What it offers, in words.
  func description(_ type: String) -> String {
    var text = "\(type) \(address.map { "\($0)" } ?? "without an address") from \(server)"
    text += ", boot file \(bootFile ?? "none")"
    if let nextServer, nextServer != server { text += ", next server \(nextServer)" }
    if let tftpServerName { text += ", option 66 \(tftpServerName)" }
    if let vendorClass { text += ", vendor class \(vendorClass)" }
    return text
  }

  func item(_ type: String) -> EvidenceItem { EvidenceItem(description(type), [packet]) }
}

/// ` on VLAN 100`, or ` untagged`.
func place(_ vlan: VLANID?) -> String { vlan.map { "on VLAN \($0)" } ?? "untagged" }
