import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  /// The folder of the sockets that virt-handler reaches; the instance's UID is a folder of it.
  private var privateDirectory: String { "/var/run/kubevirt-private/\(identity.uid)" }

  var hasSerialConsole: Bool { devicesField["autoattachSerialConsole"].isOn(default: true) }

  private var hasGraphics: Bool { devicesField["autoattachGraphicsDevice"].isOn(default: true) }

  /// The serial console on a socket, with a log (compute/console.go).
  var console: [DomainElement] {
    guard hasSerialConsole else { return [] }
    let field = devicesField["autoattachSerialConsole"]
    let socket = "\(privateDirectory)/virt-serial0"
    var children = [DomainElement("source", ["mode": "bind", "path": socket])]
    let log = devicesField["logSerialConsole"]
    if log.isOn(default: true) {
      children.append(
        DomainElement(
          "log", ["file": "\(socket)-log", "append": "on"],
          origin: origin(log, else: "default: logged")))
    }
    children.append(DomainElement("target", ["port": "0"]))
    let why = origin(field, else: "default: a console")
    return [
      DomainElement("serial", ["type": "unix"], origin: why, children),
      DomainElement(
        "console", ["type": "pty"], origin: why,
        [DomainElement("target", ["type": "serial", "port": "0"])]),
    ]
  }

  /// The guest agent's channel, and that of host metrics (compute/channels.go).
  var channels: [DomainElement] {
    var elements = [
      DomainElement(
        "channel", ["type": "unix"], origin: "KubeVirt: the guest agent's",
        [DomainElement("target", ["type": "virtio", "name": "org.qemu.guest_agent.0"])])
    ]
    let metrics = devicesField["downwardMetrics"]
    if metrics.exists {
      let path = "/var/run/kubevirt-private/downwardmetrics-channel/downwardmetrics.sock"
      elements.append(
        DomainElement(
          "channel", ["type": "unix"], origin: origin(metrics),
          [
            DomainElement("source", ["mode": "bind", "path": path]),
            DomainElement("target", ["type": "virtio", "name": "org.github.vhostmd.1"]),
          ]))
    }
    return elements
  }

  /// Pointing devices (compute/input_device.go).
  var inputs: [DomainElement] {
    devicesField["inputs"].items.map { field in
      let bus = field["bus"].string ?? ""
      return DomainElement(
        "input",
        [
          "type": field["type"].string, "bus": bus,
          "model": bus == "virtio" ? "virtio" : nil,
        ], origin: origin(field), [alias(field["name"].string ?? "")])
    }
  }

  /// An emulated TPM 2.0 (compute/tpm.go).
  var trustedPlatformModule: [DomainElement] {
    let field = devicesField["tpm"]
    guard field.exists, field["enabled"].isOn(default: true) else { return [] }
    let isPersistent = field["persistent"].isOn(default: false)
    return [
      DomainElement(
        "tpm", ["model": isPersistent ? "tpm-crb" : "tpm-tis"], origin: origin(field),
        [
          DomainElement(
            "backend",
            [
              "type": "emulator", "version": "2.0", "persistent_state": isPersistent ? "yes" : nil,
            ])
        ])
    ]
  }

  /// VNC, and a display that the firmware has a driver for (compute/graphics.go).
  var graphics: [DomainElement] {
    guard hasGraphics else { return [] }
    let listen = DomainElement(
      "listen", ["type": "socket", "socket": "\(privateDirectory)/virt-vnc"])
    let type = devicesField["video"]["type"]
    let model: DomainElement
    if devicesField["video"].exists {
      model = DomainElement(
        "model", ["type": type.string ?? "", "vram": "16384", "heads": "1"], origin: origin(type))
    } else if efi.exists {
      model = DomainElement(
        "model", ["type": "bochs", "heads": "1"], origin: "\(origin(efi)): with EFI")
    } else {
      model = DomainElement(
        "model", ["type": "vga", "vram": "16384", "heads": "1"], origin: "KubeVirt: with a BIOS")
    }
    let why = origin(devicesField["autoattachGraphicsDevice"], else: "default: a display")
    return [
      DomainElement("graphics", ["type": "vnc"], origin: why, [listen]),
      DomainElement("video", origin: why, [model]),
    ]
  }

  var sound: [DomainElement] {
    let field = devicesField["sound"]
    guard field.exists else { return [] }
    return [
      DomainElement(
        "sound", ["model": field["model"].string.flatMap(nonEmpty) ?? "ich9"],
        origin: origin(field), [alias(field["name"].string ?? "")])
    ]
  }

  /// Four USB ports that a client's devices can be plugged into (compute/usb_redir.go).
  var redirectedDevices: [DomainElement] {
    let field = devicesField["clientPassthrough"]
    guard field.exists else { return [] }
    return (0..<4).map { index in
      let path = "\(privateDirectory)/virt-usbredir-\(index)"
      return DomainElement(
        "redirdev", ["bus": "usb", "type": "unix"], origin: origin(field),
        [DomainElement("source", ["mode": "bind", "path": path])])
    }
  }

  var watchdog: [DomainElement] {
    let field = devicesField["watchdog"]
    guard field.exists else { return [] }
    let action = field["i6300esb"]["action"]
    return [
      DomainElement(
        "watchdog",
        ["model": "i6300esb", "action": action.string],
        origin: origin(field), [alias(field["name"].string ?? "")])
    ]
  }

  /// The memory balloon and its statistics (compute/balloon.go; virt-config,
  /// DefaultMemBalloonStatsPeriod).
  var balloon: [DomainElement] {
    let field = devicesField["autoattachMemBalloon"]
    guard field.isOn(default: true) else {
      return [DomainElement("memballoon", ["model": "none"], origin: origin(field))]
    }
    let cpu = domainField["cpu"]
    let isHighPerformance =
      cpu["dedicatedCpuPlacement"].isOn(default: false) || cpu["realtime"].exists
      || hugepages.exists
    let isReported =
      !isHighPerformance
      && annotations["kubevirt.io/free-page-reporting-disabled"].string != "true"
    return [
      DomainElement(
        "memballoon", ["model": virtioModel, "freePageReporting": isReported ? "on" : "off"],
        origin: origin(field, else: "default: a balloon"),
        [DomainElement("stats", ["period": "10"], origin: "cluster: statistics every 10 s")])
    ]
  }

  var randomNumberGenerator: [DomainElement] {
    let field = devicesField["rng"]
    guard field.exists else { return [] }
    return [
      DomainElement(
        "rng", ["model": virtioModel], origin: origin(field),
        [DomainElement("backend", ["model": "random"], text: "/dev/urandom")])
    ]
  }

  var panicDevices: [DomainElement] {
    devicesField["panicDevices"].items.map { field in
      DomainElement("panic", ["model": field["model"].string], origin: origin(field))
    }
  }

  /// Shared folders (storage/virtiofs.go).
  var filesystems: [DomainElement] {
    devicesField["filesystems"].items.filter { $0["virtiofs"].exists }.map { field in
      let name = field["name"].string ?? ""
      let socket = "/var/run/kubevirt/virtiofs-containers/\(name).sock"
      return DomainElement(
        "filesystem", ["type": "mount", "accessMode": "passthrough"], origin: origin(field),
        [
          DomainElement("driver", ["type": "virtiofs", "queue": "1024"]),
          DomainElement("source", ["dir": "", "socket": socket]),
          DomainElement("target", ["dir": name]),
        ])
    }
  }
}
