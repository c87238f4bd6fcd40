import ArgumentParser
import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials
import Kinds
import LabHost
import Planning

/// `pxelab screenshot`.
struct ScreenshotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screenshot",
    abstract: "Save what a machine's screen shows, as PNG.")

  @OptionGroup var machine: MachineArgument

  @Option(
    name: .shortAndLong,
    help: "The file; - is standard output. Without it MACHINE.png in the present folder.")
  var output: String?

  func run() async throws {
    let machine = try await machine.find()
    try machine.requireScreen()
    let picture = try await machine.client.perform(
      .screenshot, on: machine.name, as: Screenshot.self)
    let data = try Files.read(picture.file)
    if output == "-" { return try Output.write(data) }
    let path = output ?? "\(machine.name).\(picture.format)"
    try Files.write(data, to: path)
    try Output.line(path)
    if picture.format != "png", !path.hasSuffix(".\(picture.format)") {
      complain(
        "\(path) is \(picture.format.uppercased()): this QEMU writes no PNG, which it does since 7.1;"
          + " pnmtopng (package netpbm) makes one of it")
    }
  }
}

/// `pxelab vnc`.
struct VNC: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vnc",
    abstract: "Say where a machine's screen is, and open it where there is a viewer.",
    discussion: """
      Viewers are given the screen's unix socket, which nobody else can reach. With --listen the \
      screen is at an address on the loopback until Ctrl-C, for your programs and root's alone; \
      so it is for a viewer that takes no socket.
      """)

  @OptionGroup var machine: MachineArgument

  @Flag(name: .long, help: "Open no viewer, only say where the screen is.")
  var address: Bool = false

  @Option(
    name: .long, help: "A TCP port of the loopback where your programs find the screen; 0 for any.")
  var listen: UInt16?

  @OptionGroup var format: FormatOption

  /// Where the screen is.
  private struct Place: Encodable {
    var machine: String
    var socket: String
    var address: String?
  }

  func run() async throws {
    let machine = try await machine.find()
    try machine.requireScreen()
    let socket = machine.machine.vncSocket
    guard Files.exists(socket) else {
      throw Failure(.lab, "\(machine.name) is off, and has no screen at \(socket)")
    }
    if address, listen == nil { return try say(Place(machine: machine.name, socket: socket)) }
    if listen == nil, let viewer = Self.viewer(ofSocket: socket) {
      try say(Place(machine: machine.name, socket: socket))
      return try await Self.open(viewer)
    }
    let viewer = Self.hasDisplay ? ExecutableSearch.current.path(of: "vncviewer") : nil
    guard listen != nil || viewer != nil else {
      try say(Place(machine: machine.name, socket: socket))
      return complain(
        "no viewer is installed, or no display is here for one; --listen 0 offers the screen on a "
          + "TCP port of the loopback")
    }
    let forwarding = try SocketForwarding(port: listen ?? 0, to: socket)
    try say(
      Place(
        machine: machine.name, socket: socket, address: "127.0.0.1:\(forwarding.port)"))
    if listen == nil, let viewer {
      return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await forwarding.run() }
        // TightVNC's and RealVNC's take a port so.
        try await Self.open(Command(viewer, ["127.0.0.1::\(forwarding.port)"]))
        group.cancelAll()
      }
    }
    if format.format == .text { complain("Ctrl-C ends the forwarding") }
    try await forwarding.run()
  }

  private func say(_ place: Place) throws {
    if format.format == .json {
      try Output.json(place)
    } else {
      try Output.line("vnc+unix://\(place.socket)")
      if let address = place.address { try Output.line("vnc://\(address)") }
    }
  }

  /// The first installed viewer of those that take a socket, where there is a display for it.
  private static func viewer(ofSocket socket: String) -> Command? {
    guard hasDisplay else { return nil }
    let search = ExecutableSearch.current
    if search.path(of: "remote-viewer") != nil {
      return Command("remote-viewer", ["vnc+unix://\(socket)"])
    }
    // TigerVNC's takes a socket's path.
    if search.path(of: "xtigervncviewer") != nil { return Command("xtigervncviewer", [socket]) }
    return nil
  }

  private static var hasDisplay: Bool {
    let variables = ProcessInfo.processInfo.environment
    return variables["DISPLAY"] != nil || variables["WAYLAND_DISPLAY"] != nil
  }

  private static func open(_ viewer: Command) async throws {
    do {
      try await SubprocessRunner().run(viewer)
    } catch let error as CommandError {
      throw Failure(.host, "\(error)")
    }
  }
}

extension LabMachineReference {
  /// - Throws: ``Failure`` for a machine without a screen.
  func requireScreen() throws {
    guard machine.domainXML.contains("<graphics") else {
      throw Failure(
        .usage,
        "\(name) has no screen: its manifest has autoattachGraphicsDevice: false")
    }
  }
}
