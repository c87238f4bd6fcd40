import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  /// The folder of the sockets that virt-handler reaches; the instance's UID is a folder of it.
  private var privateDirectory: String { "/var/run/kubevirt-private/\(identity.uid)" }

  var hasSerialConsole: Bool { devicesField["autoattachSerialConsole"].isOn(default: true) }

  private var hasGraphics: Bool { devicesField["autoattachGraphicsDevice"].isOn(default: true) }

  /// The serial console on a socket, with a log (compute/console.go).
  var console: [XMLElement] {
    guard hasSerialConsole else { return [] }
    let field = devicesField["autoattachSerialConsole"]
    let socket = "\(privateDirectory)/virt-serial0"
    var children = [XMLElement("source", ["mode": "bind", "path": socket])]
    let log = devicesField["logSerialConsole"]
    if log.isOn(default: true) {
      children.append(
        XMLElement(
          "log", ["file": "\(socket)-log", "append": "on"],
          origin: origin(log, else: "default: logged")))
    }
    children.append(XMLElement("target", ["port": "0"]))
    let why = origin(field, else: "default: a console")
    return [
      XMLElement("serial", ["type": "unix"], origin: why, children),
      XMLElement(
        "console", ["type": "pty"], origin: why,
        [XMLElement("target", ["type": "serial", "port": "0"])]),
    ]
  }

  /// The guest agent's channel, and that of host metrics (compute/channels.go).
  var channels: [XMLElement] {
    var elements = [
      XMLElement(
        "channel", ["type": "unix"], origin: "KubeVirt: the guest agent's",
        [XMLElement("target", ["type": "virtio", "name": "org.qemu.guest_agent.0"])])
    ]
    let metrics = devicesField["downwardMetrics"]
    if metrics.exists {
      let path = "/var/run/kubevirt-private/downwardmetrics-channel/downwardmetrics.sock"
      elements.append(
        XMLElement(
          "channel", ["type": "unix"], origin: origin(metrics),
          [
            XMLElement("source", ["mode": "bind", "path": path]),
            XMLElement("target", ["type": "virtio", "name": "org.github.vhostmd.1"]),
          ]))
    }
    return elements
  }

  /// Pointing devices (compute/input_device.go).
  var inputs: [XMLElement] {
    devicesField["inputs"].items.map { field in
      let bus = field["bus"].string ?? ""
      return XMLElement(
        "input",
        [
          "type": field["type"].string, "bus": bus,
          "model": bus == "virtio" ? "virtio" : nil,
        ], origin: origin(field), [alias(field["name"].string ?? "")])
    }
  }

  /// An emulated TPM 2.0 (compute/tpm.go).
  var trustedPlatformModule: [XMLElement] {
    let field = devicesField["tpm"]
    guard field.exists, field["enabled"].isOn(default: true) else { return [] }
    let isPersistent = field["persistent"].isOn(default: false)
    return [
      XMLElement(
        "tpm", ["model": isPersistent ? "tpm-crb" : "tpm-tis"], origin: origin(field),
        [
          XMLElement(
            "backend",
            [
              "type": "emulator", "version": "2.0", "persistent_state": isPersistent ? "yes" : nil,
            ])
        ])
    ]
  }

  /// VNC, and a display that the firmware has a driver for (compute/graphics.go).
  var graphics: [XMLElement] {
    guard hasGraphics else { return [] }
    let listen = XMLElement(
      "listen", ["type": "socket", "socket": "\(privateDirectory)/virt-vnc"])
    let type = devicesField["video"]["type"]
    let model: XMLElement
    if devicesField["video"].exists {
      model = XMLElement(
        "model", ["type": type.string ?? "", "vram": "16384", "heads": "1"], origin: origin(type))
    } else if efi.exists {
      model = XMLElement(
        "model", ["type": "bochs", "heads": "1"], origin: "\(origin(efi)): with EFI")
    } else {
      model = XMLElement(
        "model", ["type": "vga", "vram": "16384", "heads": "1"], origin: "KubeVirt: with a BIOS")
    }
    let why = origin(devicesField["autoattachGraphicsDevice"], else: "default: a display")
    return [
      XMLElement("graphics", ["type": "vnc"], origin: why, [listen]),
      XMLElement("video", origin: why, [model]),
    ]
  }

  var sound: [XMLElement] {
    let field = devicesField["sound"]
    guard field.exists else { return [] }
    return [
      XMLElement(
        "sound", ["model": field["model"].string.flatMap(nonEmpty) ?? "ich9"],
        origin: origin(field), [alias(field["name"].string ?? "")])
    ]
  }

  /// Four USB ports that a client's devices can be plugged into (compute/usb_redir.go).
  var redirectedDevices: [XMLElement] {
    let field = devicesField["clientPassthrough"]
    guard field.exists else { return [] }
    return (0..<4).map { index in
      let path = "\(privateDirectory)/virt-usbredir-\(index)"
      return XMLElement(
        "redirdev", ["bus": "usb", "type": "unix"], origin: origin(field),
        [XMLElement("source", ["mode": "bind", "path": path])])
    }
  }

  var watchdog: [XMLElement] {
    let field = devicesField["watchdog"]
    guard field.exists else { return [] }
    let action = field["i6300esb"]["action"]
    return [
      XMLElement(
        "watchdog",
        ["model": "i6300esb", "action": action.string],
        origin: origin(field), [alias(field["name"].string ?? "")])
    ]
  }

  /// The memory balloon and its statistics (compute/balloon.go; virt-config,
  /// DefaultMemBalloonStatsPeriod).
  var balloon: [XMLElement] {
    let field = devicesField["autoattachMemBalloon"]
    guard field.isOn(default: true) else {
      return [XMLElement("memballoon", ["model": "none"], origin: origin(field))]
    }
    let cpu = domainField["cpu"]
    let isHighPerformance =
      cpu["dedicatedCpuPlacement"].isOn(default: false) || cpu["realtime"].exists
      || hugepages.exists
    let isReported =
      !isHighPerformance
      && annotations["kubevirt.io/free-page-reporting-disabled"].string != "true"
    return [
      XMLElement(
        "memballoon", ["model": virtioModel, "freePageReporting": isReported ? "on" : "off"],
        origin: origin(field, else: "default: a balloon"),
        [XMLElement("stats", ["period": "10"], origin: "cluster: statistics every 10 s")])
    ]
  }

  var randomNumberGenerator: [XMLElement] {
    let field = devicesField["rng"]
    guard field.exists else { return [] }
    return [
      XMLElement(
        "rng", ["model": virtioModel], origin: origin(field),
        [XMLElement("backend", ["model": "random"], text: "/dev/urandom")])
    ]
  }

  var panicDevices: [XMLElement] {
    devicesField["panicDevices"].items.map { field in
      XMLElement("panic", ["model": field["model"].string], origin: origin(field))
    }
  }

  /// Shared folders (storage/virtiofs.go).
  var filesystems: [XMLElement] {
    devicesField["filesystems"].items.filter { $0["virtiofs"].exists }.map { field in
      let name = field["name"].string ?? ""
      let socket = "/var/run/kubevirt/virtiofs-containers/\(name).sock"
      return XMLElement(
        "filesystem", ["type": "mount", "accessMode": "passthrough"], origin: origin(field),
        [
          XMLElement("driver", ["type": "virtiofs", "queue": "1024"]),
          XMLElement("source", ["dir": "", "socket": socket]),
          XMLElement("target", ["dir": name]),
        ])
    }
  }
}
