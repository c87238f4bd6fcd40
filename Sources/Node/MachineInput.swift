import BootOrder
import DomainXML
import FileSystem
import FoundationEssentials
import Kinds
import Libvirt
import Planning

/// A machine's keyboard, screen and boot indexes, by way of libvirt and QEMU's monitor.
struct MachineInput: Sendable {
  let connection: Connection

  /// Presses keys, group after group.
  ///
  /// - Throws: ``OperationRefusal`` for what is no key's name, `LibvirtError`.
  func press(_ request: KeyRequest, on name: String) async throws {
    let groups = try request.groups.map { group in
      try group.map { key in
        guard let code = KeyCode(key) else {
          throw OperationRefusal(
            "\(key.debugDescription) is not the name of a key, such as KEY_ENTER")
        }
        return code
      }
    }
    for group in groups { try await connection.press(group, of: name) }
  }

  /// Takes a picture of the screen into the machine's folder.
  ///
  /// - Throws: `LibvirtError`, ``OperationRefusal``.
  func screenshot(of machine: MachinePlan) async throws -> Screenshot {
    // QEMU writes PNG since 7.1. An older one answers with an error, and writes PPM.
    for format in ["png", "ppm"] {
      let file = "\(machine.screenFolder)/screen.\(format)"
      // Of two at once each is a whole picture.
      let fresh = "\(machine.screenFolder)/screen-\(UInt64.random(in: 0 ... .max)).\(format)"
      // Renamed when it is whole.
      defer { try? Files.remove(fresh) }
      let request = try JSONEncoder().encode(
        ScreenDump(
          file: machine.emulatorFiles?.place(of: fresh) ?? fresh,
          format: format == "png" ? format : nil))
      _ = try await connection.monitor(String(decoding: request, as: UTF8.self), of: machine.name)
      guard Files.exists(fresh) else { continue }
      try Files.rename(fresh, to: file)
      return Screenshot(file: file, format: format)
    }
    throw OperationRefusal("QEMU gave no picture of the screen of \(machine.name)")
  }

  /// QMP's screendump (qapi/ui.json).
  private struct ScreenDump: Encodable {
    struct Arguments: Encodable {
      var filename: String
      var format: String?
    }
    var execute = "screendump"
    var arguments: Arguments

    init(file: String, format: String?) {
      arguments = Arguments(filename: file, format: format)
    }
  }

  /// `bootindex` of each device of the running QEMU that has one (QMP's qom-get); `nil` where it is
  /// not to be asked.
  func bootIndexes(of name: String, _ xml: String) async throws -> [String: Int]? {
    guard let domain = try? Domain(parsing: xml) else { return nil }
    struct Request: Encodable {
      struct Arguments: Encodable {
        var path: String
        var property = "bootindex"
      }
      var execute = "qom-get"
      var arguments: Arguments
    }
    struct Answer: Decodable {
      var `return`: Int?
    }
    var indexes: [String: Int] = [:]
    for alias in BootDevice.devices(of: domain).compactMap(\.alias) {
      let request = try JSONEncoder().encode(
        Request(arguments: .init(path: "/machine/peripheral/\(alias)")))
      // A device without the property is answered by an error.
      guard
        let answer = try? await connection.monitor(
          String(decoding: request, as: UTF8.self), of: name),
        let index = try? JSONDecoder().decode(Answer.self, from: Data(answer.utf8)).return,
        // -1 is none.
        index >= 0
      else { continue }
      indexes[alias] = index
    }
    return indexes
  }
}
