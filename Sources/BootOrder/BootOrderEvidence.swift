import Diagnosis
import DomainXML
import Firmware
import PXEWire

/// All that is known of a machine's boot order.
package struct BootOrderEvidence: Sendable {
  /// Which description of the domain was read.
  package enum DomainSource: String, Codable, Hashable, Sendable {
    /// That of the running domain.
    case live
    /// What the next start takes.
    case defined
    /// What `up` would define: addresses are as libvirt gave them to the same devices before, where
    /// it did.
    case planned
  }

  /// Which variable store was read.
  package enum StoreSource: String, Codable, Hashable, Sendable {
    /// That of a machine that is on, as it is now.
    case snapshot
    /// That of a machine that is off.
    case file
    /// The template that the next start begins with.
    case template
  }

  /// The machine's name.
  package var machine: String
  /// Whether its firmware is UEFI's.
  package var isUEFI: Bool
  /// Whether the variable store lasts from one start to the next.
  package var isPersistent: Bool = false
  /// Whether the machine is on; `nil` where that cannot be known.
  package var isOn: Bool?
  /// The devices of the manifest.
  package var manifest: [ManifestBootDevice]
  /// Its domain.
  package var domain: Domain
  /// Which description that is.
  package var domainSource: DomainSource
  /// `bootindex` of the running QEMU's devices by their identifiers; `nil` where it was not asked.
  package var bootIndexes: [String: Int]?
  /// The variable store; `nil` where there is none.
  package var store: VariableStore?
  /// Which one that is.
  package var storeSource: StoreSource?
  /// What its console said.
  package var console: [ConsoleEvent] = []
  /// What its cards did on the wire.
  package var wire: [WireEvent] = []
  /// When it was started or reset.
  package var starts: [Timestamp] = []
  /// What to compare with; of `--what-if` the machine as it is.
  package var before: BootOrderTable?

  /// Whether the firmware says on the serial console what it tries. SeaBIOS does so with `useSerial`
  /// alone, and no firmware without a serial port; one that may has perhaps said nothing yet.
  var hasFirmwareConsole: Bool {
    if domain.hasSerialPort, isUEFI || domain.hasBIOSConsole { return true }
    return console.contains { event in
      [.biosStarting, .biosBooting, .biosBootFailed].contains(event.kind)
        || BootManagerLine(event.text) != nil
    }
  }

  /// What is known; what is left out is not.
  package init(
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
