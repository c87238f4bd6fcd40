import DomainXML
import Objects

extension DomainConverter {
  /// The controllers that KubeVirt asks for; libvirt adds those that devices need
  /// (compute/controllers.go).
  var controllers: [XMLElement] {
    var elements = [usbController]
    if let scsiController { elements.append(scsiController) }
    let hole = annotations["kubevirt.io/disablePCIHole64"]
    if hole.string?.lowercased() == "true" {
      elements.append(
        XMLElement(
          "controller", ["type": "pci", "index": "0", "model": "pcie-root"], origin: origin(hole),
          [XMLElement("pcihole64", ["unit": "KiB"], text: "0")]))
    }
    if hasSerialConsole {
      elements.append(
        XMLElement(
          "controller", ["type": "virtio-serial", "index": "0", "model": virtioModel],
          origin: origin(devicesField["autoattachSerialConsole"], else: "default: a console")))
    }
    return elements
  }

  private var usbController: XMLElement {
    let users =
      devicesField["inputs"].items.filter { $0["bus"].string == "usb" }
      + devicesField["disks"].items.filter { $0["disk"]["bus"].string == "usb" }
      + [devicesField["clientPassthrough"]].filter(\.exists)
    return XMLElement(
      "controller",
      ["type": "usb", "index": "0", "model": users.isEmpty ? "none" : "qemu-xhci"],
      origin: users.first.map { origin($0) } ?? "KubeVirt: no device is on USB")
  }

  private var scsiController: XMLElement? {
    let hotplug = devicesField["disableHotplug"]
    let scsiDisks = diskSources.filter { $0.bus == "scsi" }
    if hotplug.isOn(default: false), scsiDisks.isEmpty { return nil }
    var children: [XMLElement] = []
    if let threads = inputOutputThreadPool, threads.automatic > 0,
      scsiDisks.contains(where: \.hasThreadOfItsOwn)
    {
      // The threads go around among virtio disks; the controller has the next one's.
      let sharing = diskSources.count { $0.bus == "virtio" && !$0.hasThreadOfItsOwn }
      let thread = sharing % threads.automatic + 1
      children.append(
        XMLElement(
          "driver", ["iothread": "\(thread)", "queues": "\(max(1, topology.processors))"]))
    }
    return XMLElement(
      "controller", ["type": "scsi", "index": "0", "model": virtioModel],
      origin: scsiDisks.first.map { origin($0.field) } ?? "KubeVirt: disks may be plugged in",
      children)
  }
}
