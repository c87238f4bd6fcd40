import Diagnosis
import DomainXML
import Firmware
import PXEWire

/// All that is known of a machine's boot order.
public struct BootOrderEvidence: Sendable {
  /// Which description of the domain was read.
  public enum DomainSource: String, Codable, Hashable, Sendable {
    /// That of the running domain.
    case live
    /// What the next start takes.
    case defined
    /// What `up` would define: addresses are as libvirt gave them to the same devices before, where
    /// it did.
    case planned
  }

  /// Which variable store was read.
  public enum StoreSource: String, Codable, Hashable, Sendable {
    /// That of a machine that is on, as it is now.
    case snapshot
    /// That of a machine that is off.
    case file
    /// The template that the next start begins with.
    case template
  }

  /// The machine's name.
  public var machine: String
  /// Whether its firmware is UEFI's.
  public var isUEFI: Bool
  /// Whether the variable store lasts from one start to the next.
  public var isPersistent: Bool = false
  /// Whether the machine is on; `nil` where that cannot be known.
  public var isOn: Bool?
  /// The devices of the manifest.
  public var manifest: [ManifestBootDevice]
  /// Its domain.
  public var domain: Domain
  /// Which description that is.
  public var domainSource: DomainSource
  /// `bootindex` of the running QEMU's devices by their identifiers; `nil` where it was not asked.
  public var bootIndexes: [String: Int]?
  /// The variable store; `nil` where there is none.
  public var store: VariableStore?
  /// Which one that is.
  public var storeSource: StoreSource?
  /// What its console said.
  public var console: [ConsoleEvent] = []
  /// What its cards did on the wire.
  public var wire: [WireEvent] = []
  /// When it was started or reset.
  public var starts: [Timestamp] = []
  /// What to compare with; of `--what-if` the machine as it is.
  public var before: BootOrderTable?

  /// Whether the firmware says on the serial console what it tries. SeaBIOS does so with `useSerial`
  /// alone, and no firmware without a serial port; one that may has perhaps said nothing yet.
  var hasFirmwareConsole: Bool {
    if !domain.devices.serials.isEmpty, isUEFI || domain.os.bios?.useserial == .yes { return true }
    return console.contains { event in
      [.biosStarting, .biosBooting, .biosBootFailed].contains(event.kind)
        || BootManagerLine(event.text) != nil
    }
  }

  /// What is known; what is left out is not.
  public init(
    machine: String, isUEFI: Bool, manifest: [ManifestBootDevice], domain: Domain,
    domainSource: DomainSource
  ) {
    self.machine = machine
    self.isUEFI = isUEFI
    self.manifest = manifest
    self.domain = domain
    self.domainSource = domainSource
  }
}
