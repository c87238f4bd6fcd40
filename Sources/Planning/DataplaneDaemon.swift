import ExternalCommand

/// A program that carries frames, or that a switch cannot do without.
package struct DataplaneDaemon: Sendable, Hashable {
  /// What starts it: it detaches itself when it serves.
  package var start: Command
  /// The folder of its files.
  package var directory: String
  /// What succeeds while it answers.
  package var probe: Command
  /// What it needs again when it was started anew.
  package var restore: [Command]

  /// Its name.
  package var name: String { start.program }
  /// Where it writes its process number.
  package var pidFile: String { "\(directory)/\(name).pid" }
  /// What it says.
  package var log: String { "\(directory)/\(name).log" }
}

extension DataplanePlan {
  /// The programs that the engine needs, in the order in which ``setUp`` starts them; none where the
  /// kernel carries the frames.
  package var daemons: [DataplaneDaemon] {
    switch engine.choice {
    case .linuxBridge: []
    case .openVSwitch: OpenVSwitchCommands(bridges: bridges, directory: directory).daemons
    }
  }
}
