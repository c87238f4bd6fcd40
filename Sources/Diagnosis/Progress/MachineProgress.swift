import Addresses

/// Puts what the wire and the console say of one machine together into its stage.
package struct MachineProgress: Hashable, Sendable {
  /// The MAC address that the machine boots from.
  package let mac: MACAddress
  /// How far the machine is. It only goes forward, except for a new load of the boot program.
  package private(set) var stage: Stage = .defined
  /// The newest event in words.
  package private(set) var detail: String = ""
  /// The address that the machine was given.
  package private(set) var address: IPv4Address?
  /// The guest's report, once it came.
  package private(set) var report: GuestReport?

  private var bootFile: String?

  /// A machine of which nothing was heard. The boot file is learned from the ACK unless given.
  package init(mac: MACAddress, bootFile: String? = nil) {
    self.mac = mac
    self.bootFile = bootFile.map(ClientTrace.path(ofURL:))
  }

  /// Takes an event of the wire in. Returns the stage if it changed.
  package mutating func observe(_ event: WireEvent) -> Stage? {
    guard event.mac == mac else { return nil }
    detail = event.text
    switch event.kind {
    case .dhcpDiscover, .dhcpOffer, .dhcpRequest, .dhcpv6Solicit, .dhcpv6Advertise,
      .dhcpv6Request, .dhcpv6Reply, .dhcpv6InformationRequest, .bootServerRequest,
      .bootServerAck:
      return advance(to: .dhcp)
    case .dhcpAck:
      address = event.dhcp?.address ?? address
      bootFile = bootFile ?? event.dhcp?.bootFile
      return advance(to: .dhcp)
    case .tftpRequest, .tftpProgress, .tftpComplete:
      guard let transfer = event.tftp else { return nil }
      guard bootFile == nil || transfer.file == bootFile else { return advance(to: .loader) }
      bootFile = transfer.file
      return load(event.kind == .tftpComplete ? 100 : transfer.percent)
    case .httpRequest, .httpProgress, .httpComplete:
      guard let transfer = event.http, transfer.method != "HEAD" else { return nil }
      guard bootFile == nil || bootFile == transfer.url || stage < .nbp(percent: nil) else {
        return advance(to: .loader)
      }
      bootFile = transfer.url
      return load(event.kind == .httpComplete ? 100 : transfer.percent)
    case .tlsEstablished:
      return load(nil)
    default:
      return nil
    }
  }

  /// Takes an event of the console in. Returns the stage if it changed.
  package mutating func observe(_ event: ConsoleEvent) -> Stage? {
    detail = event.text
    switch event.kind {
    case .startPXE, .startHTTP, .pxeError, .entryFailed, .loadingEntry, .stationAddress,
      .bootFile, .downloaded, .refused, .noBootEntryLeft, .biosStarting, .biosBooting,
      .biosBootFailed:
      return advance(to: .firmware)
    case .startingEntry, .ipxeStarting, .ipxe, .ipxeFailed, .loaderError:
      return advance(to: stage >= .nbp(percent: nil) ? .loader : .firmware)
    case .shim, .grub, .grubError, .grubPrompt, .grubRescue:
      return advance(to: .loader)
    case .kernel, .noRoot, .noInit, .kernelPanic, .reportUnreadable:
      return advance(to: .kernel)
    case .report:
      report = event.report
      return advance(to: .kernel)
    }
  }

  /// Ends the way with the verdict.
  package mutating func conclude(_ verdict: MachineVerdict.Verdict) -> Stage {
    stage = verdict == .pass ? .verified : .failed
    return stage
  }

  private mutating func advance(to next: Stage) -> Stage? {
    guard next > stage else { return nil }
    stage = next
    return stage
  }

  private mutating func load(_ percent: Int?) -> Stage? {
    let next = Stage.nbp(percent: percent)
    guard stage <= .nbp(percent: 100), next != stage else { return nil }
    stage = next
    return stage
  }
}
