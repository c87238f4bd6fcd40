import Addresses
import BootOrder
import Diagnosis
import DomainXML
import FileSystem
import LabEvidence
import LabHost
import PXEWire
import Planning

/// What a lab knows of its machines besides their packets.
struct LabKnowledge {
  private let plan: LabPlan
  private let snapshot: LabSnapshot

  /// A lab that has a folder, by its name or by that of its manifests.
  ///
  /// - Throws: ``Failure`` where there is none.
  init(_ lab: String) async throws {
    let labs = LabRegistry(folders: try .current())
    let name = try labs.resolve(lab)
    snapshot = try await labs.client(of: name).snapshot()
    plan = try snapshot.plan(lab: name)
  }

  /// What the lab has captured: on the bridges of each node, and on the fabric of several.
  ///
  /// - Throws: ``Failure`` where there is nothing.
  func captures() throws -> [MergedCapture.Source] {
    let sources = plan.roles.flatMap { role in
      let files = plan.paths.files(of: role)
      return plan.dataplane.bridges.compactMap { bridge -> MergedCapture.Source? in
        let present = [files.earlierCapture(bridge.device), files.capture(bridge.device)]
          .filter { Files.exists($0) }
        guard !present.isEmpty else { return nil }
        return MergedCapture.Source(name: role.title(ofBridge: bridge.name), files: present)
      }
    }
    guard !sources.isEmpty else {
      throw Failure(.capture, "the lab \(plan.lab) has captured nothing")
    }
    return sources
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
        // Each start writes at its end. One that is shorter was made anew.
        let bytes = [UInt8](try Files.read(machine.consoleLog))
        let earlier = try snapshot.earlierConsole(of: machine.key)
        console = MachineKnowledge.consoleEvents(
          in: Array(bytes.dropFirst(earlier <= bytes.count ? earlier : 0)), until: end)
      }
      let devices = (try? Domain(parsing: machine.domainXML)).map(BootDevice.devices) ?? []
      var record = BootRecord(of: machine, in: plan)
      known[mac] = await record.knowledge(console: console, devices: devices)
      for notice in record.notices { complain("note: \(notice)") }
    }
    return known
  }
}
