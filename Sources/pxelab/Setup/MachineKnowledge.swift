import Addresses
import ArgumentParser
import BootOrder
import Diagnosis
import Execution
import FileSystem
import Firmware
import KubeVirt
import LabHost
import LabManifest
import LabStore
import Objects
import PXEWire

/// A file of one machine, `FILE` or `MAC=FILE`.
struct MachineFile: ExpressibleByArgument {
  /// The machine; `nil` where it must be found out.
  var mac: MACAddress?
  var path: String

  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, let mac = MACAddress(String(parts[0])) {
      self.mac = mac
      path = String(parts[1])
    } else {
      path = argument
    }
    if path.isEmpty { return nil }
  }
}

/// What is known of a capture's machines besides their packets.
enum MachineKnowledge {
  /// What manifests promise of their machines, each boot interface with a MAC address.
  ///
  /// - Throws: ``Failure`` when a path cannot be read.
  static func expectations(_ paths: [String]) throws -> [MachineExpectation] {
    guard !paths.isEmpty else { return [] }
    let paths = try ManifestPaths(paths, recursive: false)
    return (paths.folders + [paths.files]).filter { !$0.files.isEmpty }.flatMap { group in
      let input = LabInput(
        files: group.files.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) },
        folderName: group.folderName)
      for problem in input.problems where problem.severity == .error {
        complain("note: \(problem)")
      }
      return zip(input.machines, input.machines.titles).flatMap { machine, title in
        let booting = machine.interfaces.enumerated().filter { $0.element.bootOrder != nil }
        let candidates = booting.isEmpty ? Array(machine.interfaces.enumerated()) : booting
        return candidates.compactMap { index, interface -> MachineExpectation? in
          guard let mac = interface.macAddress else { return nil }
          let attachment = input.attachment(of: interface, in: machine)
          return MachineExpectation(
            name: title, mac: mac, interface: interface.name, vlan: attachment?.vlan,
            bootOrder: interface.bootOrder, efi: machine.firmware.bootloader?.efi != nil,
            secureBoot: machine.secureBoot, persistent: machine.persistentEFI, reports: false)
        }
      }
    }
  }

  /// Adds consoles and variable stores to what is known of their machines.
  ///
  /// - Parameters:
  ///   - clients: the capture's clients; a file that names no machine is the only client's.
  ///   - end: when the capture ended; a console file has no times.
  /// - Throws: ``Failure`` when a file cannot be read, or it is not clear whose it is.
  static func add(
    consoles: [MachineFile], stores: [MachineFile], clients: [MACAddress], end: Timestamp?,
    to knowledge: inout Knowledge
  ) async throws {
    for file in consoles {
      let bytes = try read(file.path)
      let events = consoleEvents(in: bytes, until: end)
      let mac = try owner(of: file, named: addresses(in: bytes), clients, knowledge)
      knowledge.machines[mac, default: .init()].console += events
    }
    let reader = VariableStoreReader(runner: SubprocessRunner())
    for file in stores {
      let store: StoredVariables
      do {
        store = try await reader.read(VariableStoreFile(path: file.path))
      } catch {
        throw Failure(.capture, "\(error)")
      }
      let variables = FirmwareVariables(store)
      let named = variables.entries.flatMap { addresses(in: Array($0.path.utf8)) }
      let mac = try owner(of: file, named: named, clients, knowledge)
      knowledge.machines[mac, default: .init()].variables = variables
    }
  }

  /// What a console file says.
  ///
  /// - Parameter end: when the capture ended; the file has no times.
  static func consoleEvents(in bytes: [UInt8], until end: Timestamp?) -> [ConsoleEvent] {
    var reader = ConsoleReader()
    let time = end ?? Timestamp(nanoseconds: 0)
    return reader.read(bytes, at: time).events + reader.finish(at: time).events
  }

  /// Whose file it is: as the option says, else the one client or known machine that the file
  /// names, else the only one there is.
  private static func owner(
    of file: MachineFile, named: [MACAddress], _ clients: [MACAddress], _ knowledge: Knowledge
  ) throws -> MACAddress {
    if let mac = file.mac { return mac }
    let known = clients + knowledge.machines.keys.filter { !clients.contains($0) }
    let matching = known.filter(named.contains)
    if matching.count == 1 { return matching[0] }
    if known.count == 1 { return known[0] }
    if known.isEmpty, let only = Set(named).first, Set(named).count == 1 { return only }
    let list =
      known.prefix(6).map { "\($0)" }.joined(separator: ", ") + (known.count > 6 ? ", ..." : "")
    throw Failure(
      .usage,
      "\(file.path): whose file is it? Write MAC=\(file.path)"
        + (list.isEmpty ? "" : ", with one of \(list)"))
  }

  /// The addresses in device paths, `MAC(DE00000000DE,0x1)`, and in names, `MAC:DE00000000DE`.
  private static func addresses(in bytes: [UInt8]) -> [MACAddress] {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.matches(of: #/MAC[(:]([0-9A-Fa-f]{12})/#).compactMap { match in
      UInt64(match.1, radix: 16).map(MACAddress.init(rawValue:))
    }
  }

  private static func read(_ path: String) throws -> [UInt8] {
    do {
      return [UInt8](try Files.read(path))
    } catch {
      throw Failure(.capture, "\(error)")
    }
  }
}
