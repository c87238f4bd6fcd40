import Addresses
import BootOrder
import Diagnosis
import DomainXML
import FileSystem
import LabEvidence
import LabHost
import LabPlan
import PXEWire

/// What a lab knows of its machines besides their packets.
struct LabKnowledge {
  private let plan: LabPlan

  /// A lab that has a folder, by its name or by that of its manifests.
  ///
  /// - Throws: ``Failure`` where there is none.
  init(_ lab: String) async throws {
    let labs = LabRegistry(folders: try .current())
    plan = try await labs.plan(try labs.resolve(lab))
  }

  /// Its machines, by the address that each boots from.
  ///
  /// - Parameter end: when the capture ended; a console file has no times.
  /// - Throws: `FileError` when a console cannot be read.
  func machines(consolesUntil end: Timestamp?) async throws -> [MACAddress: Knowledge.Machine] {
    var known: [MACAddress: Knowledge.Machine] = [:]
    for machine in plan.machines {
      guard let mac = machine.expectation?.mac ?? machine.interfaces.first?.mac else { continue }
      var console: [ConsoleEvent] = []
      if Files.exists(machine.consoleLog) {
        let bytes = [UInt8](try Files.read(machine.consoleLog))
        console = MachineKnowledge.consoleEvents(in: bytes, until: end)
      }
      let devices = (try? Domain(parsing: machine.domainXML)).map(BootDevice.devices) ?? []
      var record = BootRecord(of: machine, in: plan)
      known[mac] = await record.knowledge(console: console, devices: devices)
      for notice in record.notices { complain("note: \(notice)") }
    }
    return known
  }
}
