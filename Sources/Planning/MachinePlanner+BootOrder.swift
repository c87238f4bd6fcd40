import BootOrder
import Diagnosis
import KubeVirt
import Objects

extension MachinePlanner {
  /// The devices of the machine, interfaces that are absent left out, with the lines that say of each
  /// where it stands in the boot order.
  var bootDevices: [ManifestBootDevice] {
    let disks = machine.disks.enumerated().map { index, disk in
      device(false, disk.name, disk.bootOrder, "disks[\(index)]")
    }
    let interfaces = machine.interfaces.enumerated().filter { $0.element.state != "absent" }
      .map { index, interface in
        device(true, interface.name, interface.bootOrder, "interfaces[\(index)]")
      }
    return disks + interfaces
  }

  private func device(
    _ isInterface: Bool, _ name: String, _ order: Int?, _ item: String
  ) -> ManifestBootDevice {
    let manifest = manifestIndex.map { planner.manifests.machineObjects[$0] }
    let path = "\(manifest?.kind.specPath ?? machine.specPath).domain.devices.\(item)"
    let field = order == nil ? path : "\(path).bootOrder"
    return ManifestBootDevice(
      isInterface: isInterface, name: name, order: order,
      place: manifest?.document.root.place(of: field).map { ManifestPlace($0, field: field) })
  }
}
