import Control
import Execution
import ExternalCommand
import FileSystem
import Foundation
import LabPlan

/// A machine's keyboard and screen, by way of virsh(1), which knows the keys' names and QEMU's
/// pictures.
struct MachineInput: Sendable {
  let plan: LabPlan
  let record: LabRecord
  let runner: any CommandRunner = SubprocessRunner()

  /// Presses keys, group after group.
  ///
  /// - Throws: `PowerRefusal` for what is no key's name, `CommandError` in virsh's words.
  func press(_ request: KeyRequest, on name: String) async throws {
    _ = try machine(name)
    for key in request.groups.flatMap(\.self) where !Self.isName(key) {
      throw PowerRefusal("\(key.debugDescription) is not the name of a key, such as KEY_ENTER")
    }
    // In one session of virsh, which otherwise takes longer to begin than a key to be pressed.
    let lines = request.groups.filter { !$0.isEmpty }.map { keys in
      "send-key \(name) --codeset linux --holdtime 30 \(keys.joined(separator: " "))"
    }
    try await virsh([lines.joined(separator: "; ")], on: name)
  }

  /// Takes a picture of the screen into the machine's folder.
  ///
  /// - Throws: `PowerRefusal` where it has none, `CommandError`.
  func screenshot(of name: String) async throws -> Screenshot {
    let machine = try machine(name)
    let png = "\(machine.directory)/screen.png"
    struct Request: Encodable {
      struct Arguments: Encodable {
        var filename: String
        var format = "png"
      }
      var execute = "screendump"
      var arguments: Arguments
    }
    let request = try JSONEncoder().encode(Request(arguments: .init(filename: png)))
    try Files.remove(png)
    // QEMU writes PNG since 7.1; libvirt's own call asks for PPM. An older one answers with an error.
    try await virsh(
      ["qemu-monitor-command", name, String(decoding: request, as: UTF8.self)], on: name)
    if Files.exists(png) { return Screenshot(file: png, format: "png") }
    let ppm = "\(machine.directory)/screen.ppm"
    try await virsh(["screenshot", name, "--file", ppm], on: name)
    return Screenshot(file: ppm, format: "ppm")
  }

  private func virsh(_ arguments: [String], on name: String) async throws {
    let power = await record.current.machines.first { $0.name == name }?.power
    guard power == "running" || power == "paused" else {
      throw PowerRefusal("\(name) is \(power ?? "off")")
    }
    try await runner.run(
      Command("virsh", ["--quiet", "--connect", plan.paths.libvirtURI] + arguments))
  }

  private func machine(_ name: String) throws -> MachinePlan {
    guard let machine = plan.machines.first(where: { $0.name == name }) else {
      throw PowerRefusal(
        "the lab has no machine \(name); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    return machine
  }

  private static func isName(_ text: String) -> Bool {
    text.hasPrefix("KEY_")
      && text.utf8.allSatisfy {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
      }
  }
}
