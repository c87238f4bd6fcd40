/// Where a machine's console and screen are, and what the console has said.
package struct MachinePaths: Sendable, Hashable {
  /// The machine's folder.
  let directory: String
  /// The same folder, as the paths of its sockets name it.
  let sockets: String

  init(directory: String, sockets: String) {
    self.directory = directory
    self.sockets = sockets
  }

  /// The paths of a lab's machine, by what people call it.
  package init(_ lab: LabPaths, machine title: String) {
    self.init(directory: lab.machine(title), sockets: lab.machineSockets(title))
  }

  /// Whether a path is one of a file in the machine's folder, by its words alone.
  package func contain(_ path: String) -> Bool {
    path.hasPrefix("\(directory)/") && !path.split(separator: "/").contains("..")
  }

  /// The serial console's unix socket.
  package var consoleSocket: String { "\(sockets)/console.sock" }
  /// The places of the screen's unix socket: the second is that of a QEMU with a user of its own, who has
  /// a folder there.
  package var screenSockets: [String] { ["\(sockets)/vnc.sock", "\(sockets)/screen/vnc.sock"] }
  /// Held by whoever is attached to the console: QEMU serves one at a time, and lets others wait
  /// without a word.
  package var consoleLock: String { "\(directory)/console.lock" }
  /// What the serial console has said.
  package var consoleLog: String { "\(directory)/console.log" }
}
