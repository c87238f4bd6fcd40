import Addresses
import PXEWire

/// Everything known of one machine's boot: what a verdict rests on.
package struct Evidence: Sendable {
  /// The machine's MAC address.
  package var mac: MACAddress
  /// What should happen; `nil` when nothing is known of it, as of a capture from elsewhere.
  package var expectation: MachineExpectation?
  /// What the wire showed of the machine's MAC address; `nil` when no frame came from it.
  package var trace: ClientTrace? { didSet { progress = trace.map(BootProgress.init) } }
  /// How far the packets show that the client got.
  private(set) var progress: BootProgress?
  /// The machine's events on the wire.
  package var events: [WireEvent]
  /// The machine's events on its console.
  package var console: [ConsoleEvent]
  /// The probe's report.
  package var guest: GuestReport?
  /// The MAC address in the device path of the entry that was booted (BootCurrent).
  package var bootCurrentMAC: MACAddress?
  /// That entry in words.
  package var bootCurrentDescription: String?
  /// The disk that the entry's device path leads to, by its name in the manifest; `nil` where it leads
  /// to none, or does not say to which.
  package var bootCurrentDisk: String?
  /// The boots before the last that a report came from, oldest first.
  package var earlierBoots: [EarlierBoot] = []
  /// What the host says.
  package var host: HostReport?
  /// What was seen of the machine beyond its node's uplink; `nil` in a lab of one node.
  package var fabric: FabricSighting?
  /// What several captures of its network show of it; `nil` of one capture.
  package var captures: CaptureSighting?
  /// The DHCP servers that the lab runs.
  package var servers: [KnownServer]
  /// The machine's EFI variables; `nil` without a variable store.
  package var variables: FirmwareVariables?
  /// What the capture holds besides this machine.
  package var segment: Segment
  /// What the servers wrote in their logs of this machine's MAC address, oldest first.
  package var serverLog: [String] = []
  /// What the servers' logs say of requests over TLS, oldest first, whoever asked; `nil` without
  /// such a log.
  package var servedRequests: [ServedRequest]?
  /// Where the manifests have the fields that bear on the boot.
  package var places: [CauseField: ManifestPlace] = [:]
  /// How the lab itself was meanwhile.
  package var lab = LabCondition()
  /// Packets that the capture lost (ps_drop of libpcap). Any makes `not seen` mean nothing.
  package var dropped: Int

  /// What a report of a boot before the last says of where it came from.
  package struct EarlierBoot: Codable, Hashable, Sendable {
    /// The probe's report.
    package var guest: GuestReport
    /// As ``Evidence/bootCurrentMAC``.
    package var bootCurrentMAC: MACAddress?
    /// As ``Evidence/bootCurrentDescription``.
    package var bootCurrentDescription: String?
    /// As ``Evidence/bootCurrentDisk``.
    package var bootCurrentDisk: String?

    /// A boot.
    package init(
      guest: GuestReport, bootCurrentMAC: MACAddress?, bootCurrentDescription: String?
    ) {
      self.guest = guest
      self.bootCurrentMAC = bootCurrentMAC
      self.bootCurrentDescription = bootCurrentDescription
    }
  }

  /// A DHCP server that the lab runs.
  package struct KnownServer: Codable, Hashable, Sendable {
    /// Its address.
    package var address: IPv4Address
    /// The VLAN of its port.
    package var vlan: VLANID?
    /// The network attachment that it serves.
    package var attachment: String
    /// Where its VLAN is set: file and field.
    package var field: String
    /// The tunnel that it was seen inside: `VXLAN, VNI 42`; `nil` for none.
    package var tunnel: String?

    /// A server of the lab.
    package init(
      address: IPv4Address, vlan: VLANID?, attachment: String, field: String, tunnel: String? = nil
    ) {
      self.tunnel = tunnel
      self.address = address
      self.vlan = vlan
      self.attachment = attachment
      self.field = field
    }
  }

  /// The evidence of a machine of which only its address is known; what is not set later was not
  /// seen.
  package init(mac: MACAddress) {
    self.mac = mac
    events = []
    console = []
    servers = []
    segment = Segment()
    dropped = 0
  }

  /// Evidence; what is left out was not seen.
  package init(
    expectation: MachineExpectation, trace: ClientTrace? = nil, events: [WireEvent] = [],
    console: [ConsoleEvent] = [], guest: GuestReport? = nil, bootCurrentMAC: MACAddress? = nil,
    bootCurrentDescription: String? = nil, host: HostReport? = nil,
    servers: [KnownServer] = [], variables: FirmwareVariables? = nil,
    segment: Segment = Segment(), dropped: Int = 0
  ) {
    mac = expectation.mac
    self.expectation = expectation
    self.trace = trace
    progress = trace.map(BootProgress.init)
    self.events = events
    self.console = console
    self.guest = guest
    self.bootCurrentMAC = bootCurrentMAC
    self.bootCurrentDescription = bootCurrentDescription
    self.host = host
    self.servers = servers
    self.variables = variables
    self.segment = segment
    self.dropped = dropped
  }

  /// The network boot program's path on its server: as expected, else as the server's ACK names it.
  var bootFile: String? { (expectation?.bootFile ?? trace?.bootFile).map(ClientTrace.path(ofURL:)) }

  /// The console's events of some kinds.
  func console(_ kinds: ConsoleEvent.Kind...) -> [ConsoleEvent] {
    console.filter { kinds.contains($0.kind) }
  }

  /// Whether the network boot program arrived whole.
  package var programArrived: Bool {
    guard let bootFile, let trace else { return false }
    return trace.transfers(of: bootFile).contains(where: \.isWhole)
      || trace.httpTransfers(of: bootFile).contains(where: \.isWhole)
  }

  /// Whether anything shows that the network boot program ran.
  var programRan: Bool { programStarted || programSpoke }

  /// Whether the firmware says that it starts the network boot program.
  var programStarted: Bool {
    // A firmware also starts its own shell, as an entry without a card in its path.
    console(.startingEntry).contains { $0.text.contains("MAC(") }
  }

  /// Whether the network boot program, or what it loaded, was heard.
  var programSpoke: Bool {
    if guest != nil || !console(.shim, .grub, .kernel, .report).isEmpty { return true }
    guard let bootFile, let trace else { return false }
    guard let last = trace.transfers(of: bootFile).last(where: \.isWhole) else { return false }
    return trace.transfers.contains {
      $0.started > last.lastProgress && $0.file != last.file
    }
  }
}
