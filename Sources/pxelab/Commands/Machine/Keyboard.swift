import ArgumentParser
import FileSystem
import FoundationEssentials
import Kinds
import LabHost
import Objects

/// `pxelab send-key`.
struct SendKey: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send-key",
    abstract: "Press keys on a machine's keyboard: ctrl+alt+delete, f2, enter.",
    discussion: """
      Keys that are held together have a + between; others are pressed one after the other. A key \
      is a character of a US keyboard, a name (enter, esc, tab, space, up, f12, ...), or Linux' \
      name for it (KEY_KPENTER).
      """)

  @OptionGroup var machine: MachineArgument

  @Argument(help: "The keys.")
  var keys: [String]

  func run() async throws {
    let groups = try keys.map { text in
      guard let group = KeyRequest.keys(named: text) else {
        throw Failure(
          .usage,
          "\(text.debugDescription) is no key: write one as enter, f2, ctrl+alt+delete or KEY_ENTER"
        )
      }
      return group
    }
    let machine = try await machine.find()
    try await machine.client.perform(
      .keys, on: machine.name, try ObjectNode(encoding: KeyRequest(groups: groups)))
  }
}

/// `pxelab type`.
struct TypeText: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "type",
    abstract: "Type a text on a machine's keyboard, as on a US one.")

  @OptionGroup var machine: MachineArgument

  @Argument(help: "The text; without it, standard input.")
  var text: String?

  @Flag(name: .long, help: "Press Enter after it.")
  var enter: Bool = false

  @Flag(name: .long, help: "On the serial console instead of the keyboard.")
  var serial: Bool = false

  func run() async throws {
    var text = try text ?? String(decoding: StandardStream.input(), as: UTF8.self)
    if enter { text += "\n" }
    let machine = try await machine.find()
    guard !serial else { return try await write(text, to: machine) }
    let groups: [[String]]
    do {
      groups = try KeyRequest.keys(typing: text)
    } catch {
      throw Failure(.usage, "\(error)")
    }
    try await machine.client.perform(
      .keys, on: machine.name, try ObjectNode(encoding: KeyRequest(groups: groups)))
  }

  private func write(_ text: String, to machine: LabMachineReference) async throws {
    try await machine.attachedToConsole { socket, _ in
      // A terminal sends a carriage return.
      try await socket.write(Array(text.replacing("\n", with: "\r").utf8))
    }
  }
}
