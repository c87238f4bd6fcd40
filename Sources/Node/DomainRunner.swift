import Execution
import FileSystem
import Firmware
import FoundationEssentials
import Libvirt
import Planning
import Sandbox

/// Makes, starts and ends the domains of a node's instances. Each start has a connection of its own, for a
/// connection does one thing after the other.
struct DomainRunner: Sendable {
  let hypervisor: any Hypervisor
  let runner: any CommandRunner

  /// Makes a machine's files and its domain, and starts it.
  ///
  /// - Parameter bootOnce: what it boots this time alone; then its variables stay as they are.
  /// - Returns: what a person should know.
  /// - Throws: `FileError`, `CommandError`, `LibvirtError`, `BootTargetError`.
  func start(_ plan: MachinePlan, bootOnce: BootTarget?) async throws -> [String] {
    var notices: [String] = []
    let files = MachineFiles(machine: plan, runner: runner)
    if let notice = try await files.makeAnew(keepsVariables: bootOnce != nil) {
      notices.append(notice)
    }
    if let bootOnce { notices.append(try setBoot(bootOnce, of: plan)) }
    try plan.emulatorFiles?.grant()
    let connection = try await Connection.open(uri: hypervisor.uri)
    defer { Task { await connection.close() } }
    _ = try await connection.define(xml: hypervisor.form(plan.domainXML))
    do {
      try await connection.start(plan.name)
    } catch {
      try? await connection.undefine(plan.name, variableStore: hypervisor.variableStores)
      throw error
    }
    return notices
  }

  /// Has an end made of a domain: its guest is asked, or its power is taken away.
  ///
  /// - Throws: `LibvirtError`; one of a domain that is off already is none.
  func stop(_ name: String, gently: Bool) async throws {
    let connection = try await Connection.open(uri: hypervisor.uri)
    defer { Task { await connection.close() } }
    do throws(LibvirtError) {
      if gently {
        try await connection.pressPowerButton(name)
      } else {
        try await connection.destroy(name)
      }
    } catch {
      guard error.code == .noDomain || error.code == .operationInvalid else { throw error }
    }
  }

  /// Removes what libvirt knows of a domain that is off. Its variable store stays.
  ///
  /// - Throws: `LibvirtError`.
  func clean(_ name: String) async throws {
    let connection = try await Connection.open(uri: hypervisor.uri)
    defer { Task { await connection.close() } }
    do throws(LibvirtError) {
      try await connection.undefine(name, variableStore: hypervisor.variableStores)
    } catch {
      guard error.code == .noDomain else { throw error }
    }
  }

  private func setBoot(_ target: BootTarget, of machine: MachinePlan) throws -> String {
    let (bytes, notice) = try target.set(on: machine) { [UInt8](try Files.read($0)) }
    if let path = machine.variableStore?.path { try Files.write(Data(bytes), to: path) }
    return notice
  }
}
