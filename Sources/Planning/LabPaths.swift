/// Where a lab keeps its files.
///
/// Everything but the variable stores lies in one folder that `down` removes. The folder is seen by
/// the sandbox and from outside under the same path, so its sockets can be reached from both.
package struct LabPaths: Codable, Sendable, Hashable {
  /// The lab's own folder.
  package let directory: String
  /// The folder of the variable stores that outlive the lab.
  package let stores: String

  /// The paths of the lab `name` under pxelab's state folder.
  package init(stateDirectory: String, lab name: String) {
    directory = "\(stateDirectory)/labs/\(name)"
    stores = "\(stateDirectory)/stores/\(name)"
  }

  /// The paths of a lab whose folder is, or was put, elsewhere.
  package init(directory: String, stores: String) {
    self.directory = directory
    self.stores = stores
  }

  /// The longest path that a unix socket can have (sun_path in sys/un.h, less the final NUL).
  package static let socketPathLimit = 107

  /// The folder under which programs name the lab's sockets: its own, or ``socketLink`` to it where a
  /// path below could be longer than a socket's may be.
  package var socketDirectory: String { socketLink ?? directory }
  /// The symbolic link that makes the paths of sockets short; `nil` where they are short without it.
  /// A state folder and a lab have one of their own.
  package var socketLink: String? {
    guard directory.utf8.count + Self.longestSocket > Self.socketPathLimit else { return nil }
    return "/tmp/pxelab-\(StableIdentity.hexadecimal(StableIdentity.digest(directory)))"
  }
  /// The longest socket's path in the lab's folder: that of a node's libvirtd.
  private static let longestSocket = "/node-/libvirt/libvirt-admin-sock".utf8.count + longestName
  /// The most bytes of a machine's or a node's name in its folder's name.
  private static let longestName = 24

  /// What `up --format json` says of the lab, once its machines are judged.
  package var report: String { "\(directory)/\(Self.reportName)" }
  /// The report's file name.
  package static let reportName = "report.json"
  /// The file of the lab's objects.
  package var store: String { "\(directory)/objects" }
  /// What the lab's daemon says.
  package var daemonLog: String { "\(directory)/lab.log" }
  /// Which process the lab's daemon is, as the supervisor sees it.
  package var daemonNote: String { "\(directory)/lab.part" }
  /// What a node's agent says.
  package func agentLog(_ node: String) -> String { "\(agentStem(node)).log" }
  /// Which process a node's agent is, as the supervisor sees it.
  package func agentNote(_ node: String) -> String { "\(agentStem(node)).part" }
  /// What no other file of the lab begins with, whatever a node is called.
  private func agentStem(_ node: String) -> String {
    "\(directory)/\(Self.folder("agent", of: node))"
  }
  /// The folder of the files of a scheduler of the lab's own.
  package func scheduler(_ name: String) -> String { "\(directory)/schedulers/\(name)" }
  /// The journal of what `down` has to undo, one JSON object a line.
  package var journal: String { "\(directory)/journal.ndjson" }
  /// The API's unix socket.
  package var controlSocket: String { "\(socketDirectory)/control.sock" }
  /// The folder of what clients of the API's TCP port need: secrets.
  package var access: String { "\(directory)/access" }
  /// How clients such as kubectl reach the API (client-go, clientcmd): a secret.
  package var kubeconfig: String { "\(access)/kubeconfig" }
  /// What the supervisor says. The sandbox's processes hold a lock on this file (flock(2)) for as
  /// long as they live, so a lab is up exactly while it is locked.
  package var supervisorLog: String { "\(directory)/supervisor.log" }
  /// Locked by a `pxelab exec` for as long as it runs (flock(2)), and removed at its end.
  ///
  /// - Parameter identity: 16 hexadecimal digits.
  package func programLock(_ identity: String) -> String { "\(directory)/exec-\(identity).lock" }
  /// What pasta says.
  package var uplinkLog: String { "\(directory)/uplink.log" }
  /// Which process pasta is, for who comes after a crash.
  package var uplinkNote: String { "\(directory)/uplink.part" }
  /// A PXE server's folder: its configuration, leases and log.
  package func server(_ attachment: String) -> String {
    "\(directory)/\(Self.serverPrefix)\(ServerPlan.fileName(attachment))"
  }
  /// What the names of those folders begin with; what follows is the name of the server's network namespace.
  package static let serverPrefix = "server-"
  /// The folder of an image's files, of which those of a server are made that has none yet.
  package func image(_ name: String) -> String { "\(directory)/images/\(name)" }
  /// The folder of the lab's certificate authority, which outlives the lab as the stores do.
  var authority: String { "\(stores)/authority" }
  /// The folder of a machine's console, disks and volatile variable store.
  package func machine(_ name: String) -> String { "\(directory)/\(Self.folder(ofMachine: name))" }
  /// The same folder, as the paths of its sockets name it.
  package func machineSockets(_ name: String) -> String {
    "\(socketDirectory)/\(Self.folder(ofMachine: name))"
  }

  /// A machine's name may have 63 characters, of which a socket's path has no room for: a long one
  /// is cut to its beginning and eight digits made from the whole, which no short one can equal.
  private static func folder(ofMachine name: String) -> String { folder("machine", of: name) }

  /// The same of another kind of thing.
  static func folder(_ kind: String, of name: String) -> String {
    guard name.utf8.count >= longestName else { return "\(kind)-\(name)" }
    let digits = StableIdentity.hexadecimal(StableIdentity.digest(name)).suffix(8)
    return "\(kind)-\(name.prefix(longestName - 9))-\(digits)"
  }

  /// Where an agent keeps its files.
  package func files(of role: NodeRole) -> NodePaths { NodePaths(self, role) }
}
