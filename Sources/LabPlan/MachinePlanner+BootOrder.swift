import BootOrder
import Diagnosis
import KubeVirt
import Objects

extension MachinePlanner {
  /// The devices of the machine, interfaces that are absent left out, with the lines that say of each
  /// where it stands in the boot order.
  var bootDevices: [ManifestBootDevice] {
    let disks = machine.disks.map { disk in
      device(false, disk.name, disk.bootOrder, "disks")
    }
    let interfaces = machine.interfaces.filter { $0.state != "absent" }.map { interface in
      device(true, interface.name, interface.bootOrder, "interfaces")
    }
    return disks + interfaces
  }

  private func device(
    _ isInterface: Bool, _ name: String, _ order: Int?, _ list: String
  ) -> ManifestBootDevice {
    let document = planner.input.machineManifests[index]
    let spec = document.root["spec"]?["template"] == nil ? "spec" : "spec.template.spec"
    let devices =
      document.root["spec"]?["template"] == nil
      ? document.root["spec"]?["domain"]?["devices"]?[list]?.items
      : document.root["spec"]?["template"]?["spec"]?["domain"]?["devices"]?[list]?.items
    let place = devices?.firstIndex { $0["name"]?.scalar?.text == name }.map { index in
      let path = "\(spec).domain.devices.\(list)[\(index)]"
      return ManifestPlace(
        document.location(of: order == nil ? path : "\(path).bootOrder"),
        field: order == nil ? path : "\(path).bootOrder")
    }
    return ManifestBootDevice(isInterface: isInterface, name: name, order: order, place: place)
  }
}
