import BootOrder
import Diagnosis
import DomainXML
import Firmware
import Foundation
import PXEWire
import Testing

/// A recorded machine: what the lab's `GET /v1/machines/NAME/boots` answered, what fw_cfg had, and its
/// boot variables.
struct Recorded {
  let observation: Observation
  /// The fw_cfg file `bootorder`, read through QEMU's I/O ports.
  let fwCfg: [String]
  /// The variable store; `nil` of a BIOS machine.
  let store: VariableStore?

  struct Observation: Decodable {
    var isOn: Bool
    var domainXML: String
    var bootIndexes: [String: Int]?
    var console: [ConsoleEvent]
    var wire: [WireEvent]
    var starts: [Timestamp]
  }

  init(_ name: String) throws {
    func read(_ suffix: String) -> Data? {
      Bundle.module.url(forResource: "Fixtures/\(name).\(suffix)", withExtension: nil).flatMap {
        try? Data(contentsOf: $0)
      }
    }
    observation = try JSONDecoder().decode(
      Observation.self, from: try #require(read("boots.json"), "\(name)"))
    fwCfg = (read("fwcfg").map { String(decoding: $0, as: UTF8.self) } ?? "")
      .split(separator: "\n").map(String.init)
    store = try read("variables.json").map { try Self.store($0) }
  }

  /// A store with some variables alone, as `pxelab efi export` writes them.
  static func store(_ json: Data) throws -> VariableStore {
    var store = try emptyStore()
    for variable in try JSONDecoder().decode(VariableListing.self, from: json).decoded() {
      try store.set(variable)
    }
    return store
  }

  /// A store without boot variables, made of one that OVMF wrote.
  static func emptyStore() throws -> VariableStore {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent(
        "FirmwareTests/Fixtures/stores/ovmf-2m.fd")
    var store = try VariableStore(bytes: [UInt8](try Data(contentsOf: path)))
    for variable in store.variables where variable.name.name.hasPrefix("Boot") {
      store.delete(variable.name)
    }
    return store
  }

  /// The evidence of the machine; what its manifest asks for is what its domain has.
  func evidence(machine: String = "machine") throws -> BootOrderEvidence {
    let domain = try Domain(parsing: observation.domainXML)
    var evidence = BootOrderEvidence(
      machine: machine, isUEFI: store != nil,
      manifest: BootDevice.devices(of: domain).map { device in
        ManifestBootDevice(
          isInterface: !device.isDisk, name: device.name, order: device.order, place: nil)
      }, domain: domain, domainSource: observation.isOn ? .live : .defined)
    evidence.isOn = observation.isOn
    evidence.bootIndexes = observation.bootIndexes
    evidence.console = observation.console
    evidence.wire = observation.wire
    evidence.starts = observation.starts
    evidence.store = store
    evidence.storeSource = store == nil ? nil : .snapshot
    return evidence
  }
}
