import Addresses
import Diagnosis
import KubeVirt
import LabManifest
import NetworkAttachment
import PXEWire

extension MachinePlanner {
  /// What the machine is judged by; `nil` when nothing of the lab says what it boots from, or it has
  /// no interface on a network of the lab.
  func expectation(
    _ interfaces: [MachinePlan.Interface], _ volumes: [VolumePlan]
  ) -> MachineExpectation? {
    guard let labMachine else { return nil }
    let asked = labMachine.expectation
    let name = labMachine.saysBootFrom ? asked.bootFrom : firstThatCanBoot(volumes)
    let disk = name.flatMap { name in
      labMachine.saysBootFrom ? machine.disks.first { $0.name == name } : nil
    }
    let attached = interfaces.filter { $0.attachment != nil }
    let interface =
      disk == nil
      ? attached.first { $0.name == name }
      // The one that it also tries, or has tried before.
      : attached.first { asked.earlierBoots.contains($0.name) }
        ?? attached.first { $0.bootOrder != nil } ?? attached.first
    guard let boot = interface,
      let attachment = planner.input.attachments.first(where: {
        planner.title(of: $0) == boot.attachment
      })
    else { return nil }
    let server = servers.first { $0.attachment == boot.attachment }
    return MachineExpectation(
      name: planner.titles[index], mac: boot.mac, interface: boot.name,
      vlan: Self.seenOnWire(asked.vlan ?? attachment.vlan),
      server: asked.server ?? server?.address.address,
      bootFile: server.flatMap(firstBootFile),
      disk: disk.map { .init(name: $0.name, bootOrder: $0.bootOrder) },
      earlierBoots: asked.earlierBoots.map { name in
        interfaces.first { $0.name == name }.map { .interface(name: name, mac: $0.mac) }
          ?? .disk(name: name)
      },
      // A signature makes a file larger.
      fileSizes: (server?.image.flatMap { planner.facts.images[$0]?.fileSizes } ?? [:])
        .filter { server?.signedFiles?.contains($0.key) != true },
      bootOrder: boot.bootOrder, efi: machine.firmware.bootloader?.efi != nil,
      secureBoot: asked.secureBoot ?? machine.secureBoot,
      lockdown: asked.lockdown ?? machine.secureBoot, persistent: machine.persistentEFI,
      keepsDefaultVLAN: attachment.vlan != nil
        && attachment.portVLANs.members.contains(.bridgeDefault),
      // Where the firmware goes on to a disk, or starts again, the last of its attempts is no end.
      entries: disk == nil && asked.earlierBoots.isEmpty
        ? entries(by: server, finding: asked.finding) : [])
  }

  /// The boot entries by which a server boots its clients. A server of the user's own may know more
  /// ways than its files say; of a machine that is to fail the second way is not waited for.
  private func entries(by server: ServerPlan?, finding: String?) -> [String] {
    guard let server else { return finding == nil ? [] : ["PXEv4"] }
    guard server.command == nil || finding != nil else { return [] }
    var names: [String] = []
    for method in server.methods where !names.contains(method.entryName) {
      names.append(method.entryName)
    }
    return finding == nil ? names : Array(names.prefix(1))
  }

  /// The first device of the boot order that is no empty disk.
  private func firstThatCanBoot(_ volumes: [VolumePlan]) -> String? {
    let devices = machine.bootDevices
    return devices.first { device in
      device.kind == .interface || !(volumes.first { $0.name == device.name }?.isEmpty ?? true)
    }?.name ?? devices.first?.name
  }

  /// The tag of a VLAN's frames in the capture: VLAN 1 is the one that leaves ports untagged, also
  /// the one that is captured from.
  private static func seenOnWire(_ vlan: VLANID?) -> VLANID? {
    vlan == .bridgeDefault ? nil : vlan
  }

  /// What the firmware is told to boot, by the first of the server's methods that it tries: UEFI
  /// tries PXE before HTTP and IPv4 before IPv6. The option ROM of a BIOS machine's card is iPXE.
  private func firstBootFile(_ server: ServerPlan) -> String? {
    guard machine.firmware.bootloader?.efi != nil else {
      return server.offers.first { $0.client == .iPXE && !$0.isIPv6 }?.bootFile
        ?? server.bootFile(of: .firmware(.x86BIOS), by: .pxev4)
    }
    let order: [BootMethod] = [.pxev4, .pxev6, .httpv4, .httpsv4, .httpv6, .httpsv6]
    for method in order where server.methods.contains(method) {
      let architecture: ClientArchitecture = method.scheme == nil ? .x64UEFI : .x64UEFIHTTP
      if let file = server.bootFile(of: .firmware(architecture), by: method) { return file }
    }
    return nil
  }
}

extension BootMethod {
  /// What OVMF calls the boot entry: `PXEv4` of `UEFI PXEv4 (MAC:DE00000000DE)`.
  fileprivate var entryName: String {
    (scheme == nil ? "PXEv" : "HTTPv") + (isIPv6 ? "6" : "4")
  }
}
