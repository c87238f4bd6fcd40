import Addresses
import BootOrder
import Diagnosis
import Objects

/// A machine of the lab: its domain, its files, and what is expected of its boot.
package struct MachinePlan: Codable, Sendable, Hashable {
  /// An interface of a machine.
  package struct Interface: Codable, Sendable, Hashable {
    /// The name in the manifest.
    package var name: String
    /// The MAC address, the manifest's or one that is stable for this lab.
    package var mac: MACAddress
    /// The network attachment; `nil` is the pod network.
    package var attachment: String?
    /// The VLAN that its port is an access port of.
    package var vlan: VLANID?
    /// The tap on the bridge; `nil` on the pod network.
    package var tap: String?
    /// The virtual function that it is instead.
    package var function: VirtualFunctionPlan?
    /// The MTU that the guest is told, in bytes; `nil` leaves it 1500.
    package var mtu: Int?
    /// The place in the machine's boot order.
    package var bootOrder: Int?
    /// The bridge whose resource the attachment names, by which pods find their nodes, where that is
    /// another than the attachment's.
    package var resourceBridge: String?
    /// Other interfaces with this address on the same network, on whatever node: `machine/interface`.
    package var namesakes: [String]?
  }

  /// A machine's EFI variable store.
  package struct VariableStore: Codable, Sendable, Hashable {
    /// The file that QEMU maps.
    package var path: String
    /// The folder of that file.
    package var folder: String {
      path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
    /// The file that it begins as.
    package var template: String
    /// Whether it outlives the lab.
    package var persistent: Bool
    /// Whether the manifest asks for Secure Boot.
    package var secureBoot: Bool
    /// What makes the template of the firmware's own store; `nil` where that is the template.
    package var customization: StoreCustomization?
    /// The certificate in DER that its HTTPS boot trusts: the lab's authority, where a server of the
    /// machine's networks boots by HTTPS.
    package var authority: String?
  }

  /// The machine's identity.
  package var key: ObjectKey
  /// The identity of the instance that runs.
  package var instanceKey: ObjectKey {
    ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: key.name)
  }
  /// The machine's name in the manifest, also the domain's.
  package var name: String
  /// The domain's XML.
  package var domainXML: String
  /// The machine's folder.
  package var directory: String
  /// The same folder, as the paths of its sockets name it.
  package var sockets: String
  /// The interfaces, in the manifest's order.
  package var interfaces: [Interface]
  /// The files behind its disks.
  package var volumes: [VolumePlan]
  /// The variable store; `nil` under BIOS.
  package var variableStore: VariableStore?
  /// When it runs.
  package var runStrategy: RunStrategy
  /// Whether the machine starts with the lab.
  package var startsAtOnce: Bool
  /// Seconds from its start to its verdict at the latest.
  package var timeoutSeconds: Double
  /// What it is judged by; `nil` when it is not expected to boot from a lab's network.
  package var expectation: MachineExpectation?
  /// Where the manifests have the fields that bear on its boot.
  package var places: [CauseField: ManifestPlace] = [:]
  /// What its manifest says of the boot order, device by device.
  package var bootDevices: [ManifestBootDevice] = []
  /// The id of the finding that must come first, where the lab is broken on purpose.
  package var expectedFinding: String?

  /// Where QEMU finds the files; `nil` where they are.
  package var emulatorFiles: EmulatorFiles?

  /// The serial console's unix socket.
  package var consoleSocket: String { paths.consoleSocket }

  /// Held by whoever is attached to the console: QEMU serves one at a time, and lets others wait
  /// without a word.
  package var consoleLock: String { paths.consoleLock }
  /// The folder in which QEMU makes files itself.
  package var screenFolder: String { emulatorFiles?.screenFolder ?? directory }
  /// The VNC server's unix socket, where it has a screen.
  package var vncSocket: String {
    "\(sockets)\(screenFolder.dropFirst(directory.count))/vnc.sock"
  }
  /// What the serial console has said.
  package var consoleLog: String { paths.consoleLog }

  private var paths: MachinePaths { MachinePaths(directory: directory, sockets: sockets) }
}
