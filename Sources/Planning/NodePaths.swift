/// Where an agent keeps its files: libvirtd's, the switch's, its captures. Those of a lab's only node,
/// and of the fabric, are the lab's own; of several nodes each has a folder.
package struct NodePaths: Sendable, Hashable {
  /// The folder.
  package let directory: String
  /// The same folder, as the paths of sockets name it.
  private let socketDirectory: String

  init(_ lab: LabPaths, _ role: NodeRole) {
    guard case .node(let name) = role else {
      directory = lab.directory
      socketDirectory = lab.socketDirectory
      return
    }
    let folder = LabPaths.folder("node", of: name)
    directory = "\(lab.directory)/\(folder)"
    socketDirectory = "\(lab.socketDirectory)/\(folder)"
  }

  /// The private libvirtd's folder of sockets.
  package var libvirtSockets: String { "\(socketDirectory)/libvirt" }
  /// The socket that virsh and virt-manager connect to.
  package var libvirtSocket: String { "\(libvirtSockets)/libvirt-sock" }
  /// What stands at /etc/libvirt in the node's view.
  package var libvirtConfiguration: String { "\(directory)/etc-libvirt" }
  /// Logs of libvirtd and of each QEMU.
  package var libvirtLogs: String { "\(directory)/log-libvirt" }
  /// What a machine's QEMU has written, and libvirt of it.
  package func emulatorLog(of machine: String) -> String { "\(libvirtLogs)/qemu/\(machine).log" }
  /// The URI with which virsh and virt-manager connect (libvirt's URI format, "socket" parameter).
  package var libvirtURI: String {
    let unreserved = Set("/-_.~".utf8)
    let path = libvirtSocket.utf8.map { byte -> String in
      let character = Character(UnicodeScalar(byte))
      if byte < 0x80, character.isLetter || character.isNumber || unreserved.contains(byte) {
        return String(character)
      }
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
    }
    return "qemu:///system?socket=\(path.joined())"
  }
  /// Open vSwitch's database, sockets and logs.
  package var openVSwitch: String { "\(socketDirectory)/ovs" }
  /// The capture of a bridge.
  package func capture(_ bridge: String) -> String { "\(directory)/\(bridge).pcapng" }
  /// What was captured on a bridge before that, once the capture has its limit.
  package func earlierCapture(_ bridge: String) -> String {
    "\(directory)/\(bridge).earlier.pcapng"
  }
}
