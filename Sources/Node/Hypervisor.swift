import Libvirt
import Parts

/// What runs a node's machines, as libvirt reaches it.
package protocol Hypervisor: Sendable {
  /// How libvirt is told of it (libvirt, "Connection URIs").
  var uri: String { get }

  /// The daemon that must run for that; `nil` of a driver without one.
  ///
  /// - Throws: `FileError`.
  func daemon() throws -> Part?

  /// What becomes of a domain's variable store when the domain is removed; `nil` of one that has none.
  var variableStores: VariableStoreDisposal? { get }

  /// A planned domain's description as this hypervisor takes it.
  func form(_ xml: String) -> String
}

/// QEMU, by a libvirtd of the node's own.
struct PrivateHypervisor: Hypervisor {
  let libvirtd: LibvirtDaemon

  var uri: String { libvirtd.files.libvirtURI }

  func daemon() throws -> Part? { try libvirtd.part() }

  /// It is the machine's, whatever becomes of the domain.
  var variableStores: VariableStoreDisposal? { .keep }

  func form(_ xml: String) -> String { xml }
}
