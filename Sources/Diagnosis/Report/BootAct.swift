import Addresses
import PXEWire

/// What a client did, or was told, on its way to something to boot.
struct BootAct: Hashable, Sendable {
  /// What it was, as a noun: `the DISCOVER`, `the ACK of 192.168.1.1`.
  let text: String
  /// Where it is in the capture.
  let packet: PacketReference
  /// Where it leaves the client.
  let state: State

  /// Where an act leaves a client.
  enum State: Hashable, Sendable {
    /// It waits for an answer of a DHCP server.
    case asking
    /// It was answered, and is to act.
    case answered
    /// It was given an address, and is to load something.
    case granted
    /// It waits for a file, or for the rest of one.
    case loading
    /// A file was refused, or broken off.
    case refused
    /// A file arrived whole.
    case loaded
  }

  /// Seconds after which firmware that goes on has gone on: edk2 waits up to 32 s for an OFFER
  /// (MdeModulePkg, PxeDhcpTimeout) and asks for a TFTP block six times, 4 s apart.
  var patience: Double {
    switch state {
    case .asking: 35
    case .answered, .granted: 15
    case .loading: 30
    case .refused, .loaded: 10
    }
  }
}

extension ClientTrace {
  /// The last act of the client's firmware and boot programs; `nil` when it did nothing of the kind.
  var lastBootAct: BootAct? {
    let acts =
      exchanges.filter { $0.agent.wantsBootFile || $0.isBootServerDiscovery }.flatMap(\.acts)
      + exchangesV6.filter(\.agent.wantsBootFile).flatMap(\.acts)
      + transfers.filter { !$0.isNotNeeded && !($0.isMissing && $0.isLookedForByFirmware) }
      .map(\.act)
      + httpTransfers.compactMap { $0.act(in: self) }
      + readDisks.map { BootAct(text: "a read of \($0.name)", packet: $0.packet, state: .loaded) }
    return acts.max { $0.packet.time < $1.packet.time }
  }
}

extension DHCPExchange {
  /// The last message of each kind.
  fileprivate var acts: [BootAct] {
    func reply(_ type: String, _ reply: Reply?, _ state: BootAct.State = .answered) -> BootAct? {
      reply.map {
        BootAct(text: "the \(type) of \($0.server)", packet: $0.packet, state: state)
      }
    }
    let port = isBootServerDiscovery ? " to port 4011" : ""
    let asked = clientMessages.last.map {
      BootAct(text: "the \($0.type)\(port)", packet: $0.packet, state: .asking)
    }
    return [
      asked, reply("OFFER", offers.last), reply("ACK", acks.last, .granted),
      reply("NAK", naks.last),
    ].compactMap { $0 }
  }
}

extension DHCPv6Exchange {
  /// The last message of each kind.
  fileprivate var acts: [BootAct] {
    func reply(_ type: String, _ reply: Reply?, _ state: BootAct.State = .answered) -> BootAct? {
      reply.map {
        BootAct(text: "the \(type) of \($0.source)", packet: $0.packet, state: state)
      }
    }
    let asked = clientMessages.last.map {
      BootAct(text: "the \($0.type)", packet: $0.packet, state: .asking)
    }
    return [asked, reply("ADVERTISE", advertises.last), reply("REPLY", replies.last, .granted)]
      .compactMap { $0 }
  }
}

extension TFTPTransfer {
  /// Where the transfer leaves its client.
  fileprivate var act: BootAct {
    if hasArrived {
      return BootAct(
        text: "the last block of \(file), \(Quantity.bytes(bytes))", packet: lastPacket,
        state: .loaded)
    }
    return switch state {
    case .requested: BootAct(text: "the request for \(file)", packet: lastPacket, state: .loading)
    case .sizeOnly:
      BootAct(text: "the question for the size of \(file)", packet: lastPacket, state: .loading)
    case .failed, .aborted:
      BootAct(text: "the error that ended \(file)", packet: lastPacket, state: .refused)
    case .running, .complete:
      BootAct(
        text: "\(file), of which \(WireTracker.progress(of: self)) arrived", packet: lastPacket,
        state: .loading)
    }
  }
}

extension HTTPTransfer {
  /// The last packet that changed anything, as far as it is known.
  private var lastReference: PacketReference {
    PacketReference(frame: (responsePacket ?? packet).frame, time: lastProgress)
  }

  /// Where the transfer leaves its client; `nil` for a connection that came to no request.
  fileprivate func act(in trace: ClientTrace) -> BootAct? {
    if isTLS {
      // Of what is encrypted only the amount is seen: more than a handshake is a file.
      let isFile = bytes > 1 << 14 && tlsAlert == nil && !isUntrusted
      return BootAct(
        text: "\(Quantity.bytes(bytes)) over TLS from \(serverName ?? endpoint)",
        packet: lastReference, state: isFile ? .loaded : .loading)
    }
    guard method != nil else { return nil }
    if unreadBytes > 1 << 14, status == nil {
      return BootAct(
        text: "\(Quantity.bytes(unreadBytes)) of \(url), whose beginning was not captured",
        packet: lastReference, state: .loaded)
    }
    let isSuccess = (status ?? 200) < 300
    if method != "HEAD", isSuccess, hasArrived(in: trace) {
      return BootAct(
        text: "the last byte of \(url), \(Quantity.bytes(bytes))", packet: lastReference,
        state: .loaded)
    }
    return switch state {
    case .connecting, .connected, .requested:
      BootAct(text: "the request for \(url)", packet: lastReference, state: .loading)
    case .complete where !isSuccess:
      BootAct(
        text: "the answer \(status ?? 0) to the request for \(url)", packet: lastReference,
        state: .refused)
    case .complete where method == "HEAD":
      BootAct(
        text: "the question for the size of \(url)", packet: lastReference, state: .loading)
    case .running, .complete:
      BootAct(
        text: "\(url), of which \(WireTracker.progress(of: self)) arrived", packet: lastReference,
        state: .loading)
    case .refused, .failed, .aborted:
      BootAct(
        text: "the failure of the request for \(url)", packet: lastReference, state: .refused)
    }
  }
}
