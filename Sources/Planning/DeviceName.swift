import NetworkAttachment
import Objects

/// The names of the devices that a lab makes: what it is, and digits of what it is for. They depend on
/// that alone, so that a machine more or less changes no other's.
///
/// 13 bytes; the kernel takes 15 (IFNAMSIZ in linux/if.h). What a device is for stands in its alias.
enum DeviceName {
  /// The tap of a machine's interface.
  static func tap(_ machine: ObjectKey, interface: String) -> String {
    name("t", "\(machine.namespace)/\(machine.name)/\(interface)")
  }

  /// The port of an attachment's boot server.
  static func server(_ attachment: ObjectKey) -> String { name("s", "\(attachment)") }

  /// The port of the server of an attachment's `ipam`.
  static func addressServer(_ attachment: ObjectKey) -> String { name("i", "\(attachment)") }

  /// The port that has every frame of a bridge.
  static func mirror(bridge device: String) -> String { name("m", device) }

  /// The bridge between a lab's bridge and an uplink.
  static func uplinkBridge(_ interface: String) -> String { name("u", interface) }

  /// The lab's end of the patch to that bridge.
  static func uplinkPort(_ interface: String) -> String { name("p", interface) }

  /// The other end.
  static func uplinkPatch(_ interface: String) -> String { name("q", interface) }

  /// A node's uplink of a bridge.
  static func nodeUplink(_ node: String, bridge device: String) -> String {
    name("n", "\(node)/\(device)")
  }

  private static func name(_ kind: String, _ owner: String) -> String {
    "pxl-\(kind)\(digits(owner))"
  }

  /// Eight digits that stand for a name.
  static func digits(_ owner: String) -> String {
    String(StableIdentity.hexadecimal(StableIdentity.digest(owner)).suffix(8))
  }
}
