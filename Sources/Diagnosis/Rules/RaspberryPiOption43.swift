import Addresses
import PXEWire

/// The firmware of a Raspberry Pi ignores answers that do not name it in option 43.
struct RaspberryPiOption43: DiagnosisRule {
  let id = "PXL076"
  let stage = FaultStage.lease
  let fields: [CauseField] = [.serverCommand]
  let consequences: Consequences = .laterAttempts()

  /// The transaction ID that the boot ROM of a Raspberry Pi 3 always asks with.
  private static let fixedID: UInt32 = 0x26f3_0339
  /// The makers of its network cards (IEEE's registry of OUIs: Raspberry Pi Foundation, Trading, Ltd).
  private static let makers: Set<UInt64> = [
    0xb827eb, 0xdca632, 0xe45f01, 0xd83add, 0x2ccf67, 0x28cdc1, 0x88a29e,
  ]

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    let asked = trace.exchanges.filter { Self.isRaspberryPi($0, trace.mac) }
    let replies = asked.flatMap { $0.heardOffers + $0.acks }
    guard let last = replies.last, let exchange = asked.last,
      !replies.contains(where: \.namesRaspberryPi), evidence.hadTime(after: replies[0].time),
      !evidence.overcame(.request, after: last.time)
    else { return [] }
    var servers: [IPv4Address] = []
    for reply in replies where !servers.contains(reply.server) { servers.append(reply.server) }
    return [
      Finding(
        id, evidence.severity(by: exchange.agent), mac: trace.mac,
        title: "\(trace.mac) looks like a Raspberry Pi, whose firmware wants the vendor option 43 "
          + "\"Raspberry Pi Boot\": no answer of \(servers.map { "\($0)" }.joined(separator: ", ")) "
          + "has it.",
        evidence: replies.suffix(3).map { $0.item("answer") } + [
          EvidenceItem(
            "DISCOVER with vendor class \(exchange.vendorClass ?? "none")",
            asked.flatMap { $0.packets(of: "DISCOVER") })
        ],
        fix: "Let the server send option 43 with \"Raspberry Pi Boot\" (dnsmasq: "
          + "pxe-service=0,\"Raspberry Pi Boot\") and the TFTP server's address (next server or option "
          + "66); a boot file's name helps nothing: it asks for bootcode.bin or start4.elf by itself."
      )
    ]
  }

  /// Whether it is the machine's firmware that asks. Its vendor class is also that of many a BIOS.
  private static func isRaspberryPi(_ exchange: DHCPExchange, _ mac: MACAddress) -> Bool {
    guard exchange.agent == .firmware, !exchange.isBootServerDiscovery, exchange.discovers > 0,
      exchange.vendorClass?.hasPrefix("PXEClient:Arch:00000") == true
    else { return false }
    // Option 97 of later models begins with "RPi", in a UUID's order of octets.
    return exchange.xid == fixedID || makers.contains(mac.rawValue >> 24)
      || exchange.machineUUID?.prefix(8).hasSuffix("695052") == true
  }
}
