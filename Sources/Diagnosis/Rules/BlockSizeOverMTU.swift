import PXEWire

/// The blocks of a transfer do not fit the path's MTU, and what is longer is lost.
struct BlockSizeOverMTU: DiagnosisRule {
  let id = "PXL032"
  let stage = FaultStage.transfer
  let consequences: Consequences = .laterAttempts(and: ["PXL008", "PXL031", "PXL017"])
  /// Bytes of IPv4, UDP and TFTP headers before a block's data; IPv6's header is 20 bytes longer.
  private static let headers = 20 + 8 + 4

  func findings(in evidence: Evidence) -> [Finding] {
    guard let trace = evidence.trace else { return [] }
    guard
      let transfer = trace.transfers.last(where: { isLost($0, trace, evidence) })
    else { return [] }
    let length =
      transfer.blockSize + Self.headers + (transfer.server.v6 == nil ? 0 : 20)
    let failures = tooLong(transfer, trace)
    let lost = fragments(transfer, trace)
    let mtu = failures.compactMap(\.mtu).last
    return [
      Finding(
        id, evidence.severity(absence: failures.isEmpty), mac: trace.mac,
        title:
          "Blocks of \(transfer.blockSize) bytes of \(transfer.file) make packets of \(length) "
          + "bytes, which do not get through: the path's MTU is "
          + (mtu.map { "\($0)." } ?? "smaller, or their fragments are dropped."),
        evidence: [
          EvidenceItem(
            "block size \(transfer.blockSize) agreed"
              + (transfer.requestedBlockSize.map { ", \($0) asked for" } ?? "")
              + "; \(transfer.blocks) blocks arrived, \(transfer.fragmentedBlocks) in fragments",
            [transfer.packet, transfer.lastPacket])
        ]
          + lost.map {
            EvidenceItem(
              "\($0.bytes) bytes of a datagram from \($0.source), the rest did not come",
              [$0.packet])
          }
          + failures.map { EvidenceItem("ICMP from \($0.reporter): \($0.meaning)", [$0.packet]) }
          + evidence.firmwareMessages,
        fix: "Give every link of the path one MTU (mtu of the attachment, bridges, VLAN and tunnel "
          + "devices), or limit the block size on the server to the MTU minus \(Self.headers) "
          + "(dnsmasq: tftp-mtu; tftpd-hpa: --blocksize; atftpd: --no-blksize).")
    ]
  }

  private func isLost(
    _ transfer: TFTPTransfer, _ trace: ClientTrace, _ evidence: Evidence
  ) -> Bool {
    guard TransferStalled.isStopped(transfer, evidence), transfer.state != .aborted,
      // What the client had no reason to take says nothing of the path.
      transfer.excessOptions.isEmpty || transfer.acknowledgments > 0,
      !transfer.dropsOversizedBlock, transfer.otherAnswerer == nil,
      trace.refusals(of: transfer).isEmpty,
      !evidence.overcame(.load, after: transfer.lastProgress),
      // What came through later was not too long.
      !trace.transfers.contains(where: {
        $0.started > transfer.started && $0.acknowledgedBlocks > 0
          && $0.blockSize >= transfer.blockSize && ClientTrace.isSame($0.file, transfer.file)
      })
    else { return false }
    if !tooLong(transfer, trace).isEmpty || !fragments(transfer, trace).isEmpty { return true }
    guard transfer.answeredOptions || transfer.blocks > 0 else { return false }
    let length = transfer.blockSize + Self.headers
    // Short packets, the options and acknowledgments, get through, and no full block does.
    let isLong = length > 1500 || (transfer.blockSize > 1024 && transfer.acknowledgedBlocks == 0)
    return isLong && transfer.acknowledgedBlocks == 0
      && (transfer.blocks == 0 || transfer.repeatedBlocks > 0)
  }

  private func tooLong(_ transfer: TFTPTransfer, _ trace: ClientTrace) -> [DeliveryFailure] {
    trace.deliveryFailures.filter {
      ($0.meaning.contains("fragmentation") || $0.meaning.contains("too big"))
        && $0.packet.time >= transfer.started
    }
  }

  private func fragments(_ transfer: TFTPTransfer, _ trace: ClientTrace) -> [IncompleteDatagram] {
    trace.incompleteDatagrams.filter {
      $0.source == transfer.server && $0.packet.time >= transfer.started && $0.reason == .timeout
    }
  }
}
