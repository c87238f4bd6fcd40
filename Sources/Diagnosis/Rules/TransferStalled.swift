import Addresses
import PXEWire

/// A transfer began and its blocks stopped coming.
struct TransferStalled: DiagnosisRule {
  let stage = FaultStage.transfer
  let consequences: Set<String> = ["PXL013"]

  /// Bytes of IPv4, UDP and TFTP headers before a block's data.
  private static let headers = 20 + 8 + 4

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    // A transfer is stalled from its event on until a later packet or a later, whole transfer.
    let stalled = trace.transfers.enumerated().filter { index, transfer in
      transfer.isOpen && trace.stalled.contains(index)
        && !trace.transfers(of: transfer.file).contains(where: \.isWhole)
    }.map(\.element)
    guard let transfer = stalled.last else { return [] }
    let tooLong = transfer.blockSize + Self.headers > 1500
    let fix: String
    if tooLong {
      fix =
        "Blocks of \(transfer.blockSize) bytes do not fit an MTU of 1500: limit the block size "
        + "on the server (dnsmasq: tftp-mtu)."
    } else if transfer.state == .requested {
      fix =
        "The request was sent and nothing came back: see that the TFTP server runs at "
        + "\(transfer.server) and that no filter drops its replies, which come from another port."
    } else {
      fix = "Compare the path's MTU with the block size, and look for lost packets at the ports."
    }
    return [
      Finding(
        "PXL008", evidence.dropped > 0 ? .warning : .error, mac: trace.mac,
        title: "The transfer of \(transfer.file) stalled at \(WireTracker.progress(of: transfer)).",
        evidence: [
          EvidenceItem(
            "\(transfer.blocks) blocks of \(transfer.blockSize) bytes, "
              + "\(transfer.repeatedBlocks) sent again, then nothing")
        ], fix: fix)
    ]
  }
}
