import Foundation
import HostCheck
import Testing

/// A machine made of values.
struct FakeProbe: HostProbe {
  var account = Account(name: "alice", id: 1000)
  var kernelRelease = "6.1.0-test"
  var executablePath = "/usr/local/bin/pxelab"
  var texts: [String: String] = [:]
  var unreadable: Set<String> = []
  var folders: [String: [String]] = [:]
  var others: Set<String> = []
  var devices: [String: FileAccess] = [:]
  var programs: Set<String> = []
  var kvmState: KVMState = .absent

  func text(at path: String) async throws(HostProbeError) -> String? {
    if unreadable.contains(path) {
      throw HostProbeError(path: path, reason: "Permission denied")
    }
    return texts[path]
  }

  func names(in folder: String) -> [String] { folders[folder] ?? [] }

  func exists(_ path: String) -> Bool { texts[path] != nil || others.contains(path) }

  func access(to path: String) -> FileAccess { devices[path] ?? .missing }

  func path(ofProgram name: String) -> String? {
    programs.contains(name) ? "/usr/bin/\(name)" : nil
  }

  func kvm() -> KVMState { kvmState }
}

extension FakeProbe {
  /// An ordinary user's workstation on which everything is as it should be.
  static var workstation: FakeProbe {
    let descriptor = "/usr/share/qemu/firmware/40-secure.json"
    return FakeProbe(
      texts: [
        "/etc/os-release": "ID=debian\n",
        "/etc/subuid": "alice:100000:65536\n",
        "/etc/subgid": "alice:100000:65536\n",
        "/proc/cpuinfo": "flags\t\t: fpu vmx sse\n",
        "/boot/config-6.1.0-test":
          "CONFIG_BRIDGE=m\nCONFIG_BRIDGE_VLAN_FILTERING=y\nCONFIG_VLAN_8021Q=m\n",
        "/proc/sys/kernel/unprivileged_userns_clone": "1\n",
        "/proc/sys/user/max_user_namespaces": "127000\n",
        descriptor: firmwareDescriptor(),
      ],
      folders: ["/usr/share/qemu/firmware": ["40-secure.json"]],
      others: [
        "/proc/self/ns/user", "/code.fd", "/vars.fd",
        "/usr/lib64/libvirt/connection-driver/libvirt_driver_qemu.so",
      ],
      devices: ["/dev/net/tun": .allowed],
      programs: Set(RequiredProgram.all.map(\.name)),
      kvmState: .answers(version: 12, systemManagementMode: true))
  }

  static func firmwareDescriptor(
    features: [String] = ["acpi-s3", "enrolled-keys", "requires-smm", "secure-boot"],
    architecture: String = "x86_64", machine: String = "pc-q35-*", device: String = "flash"
  ) -> String {
    """
    {"description": "firmware", "interface-types": ["uefi"],
     "mapping": {"device": "\(device)", "executable": {"filename": "/code.fd", "format": "raw"},
       "nvram-template": {"filename": "/vars.fd", "format": "raw"}},
     "targets": [{"architecture": "\(architecture)", "machines": ["\(machine)"]}],
     "features": \(features), "tags": []}
    """
  }
}

/// The text of a fixture.
func fixture(_ name: String) throws -> String {
  let url = try #require(
    Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
  return try String(contentsOf: url, encoding: .utf8)
}
