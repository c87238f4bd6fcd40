import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  /// The disks (storage/disk.go, storage/volume.go, storage/configurator.go).
  var disks: [XMLElement] {
    var names = DeviceNames()
    var threads = DiskThreads(pool: inputOutputThreadPool, supplemental: supplementalThreads)
    let volumes = spec["volumes"].items
    return diskSources.map { source in
      let (device, unit) = names.next(on: source.bus)
      let index = volumes.firstIndex { $0["name"].string == source.name }
      let backing = DiskBacking(
        of: index.map { volumes[$0] }, index: index ?? 0, name: source.name, machine: name,
        namespace: namespace)
      return disk(
        source, backing, device: device, unit: unit,
        thread: source.bus == "virtio" ? threads.next(for: source) : nil)
    }
  }

  private func disk(
    _ source: DiskSource, _ backing: DiskBacking, device: String, unit: Int,
    thread: DiskThreads.Use?
  ) -> XMLElement {
    let field = source.field
    let isDisk = source.kind == "disk"
    let metrics = backing.kind == "downwardMetrics"
    var target = XMLElement(
      "target", ["dev": device, "bus": source.bus],
      origin: origin(source.target["bus"]))
    if source.kind == "cdrom" { target[attribute: "tray"] = source.target["tray"].string }
    var children = [driver(source, backing, thread)]
    var media = XMLElement(
      "source", origin: backing.field.map { origin($0) } ?? "no volume: an empty drive")
    media.attributes = backing.source
    if source.kind == "lun", source.target["reservation"].isOn(default: false) {
      media.children.append(reservation(source.target["reservation"]))
    }
    children.append(media)
    if let store = backing.store { children.append(store) }
    children.append(target)
    if source.target["readonly"].isOn(default: false) || metrics {
      children.append(
        XMLElement(
          "readonly",
          origin: origin(
            source.target["readonly"], else: "KubeVirt: host metrics")))
    }
    children += properties(of: source)
    children.append(alias(source.name))
    if source.bus == "scsi", source.kind != "cdrom" {
      children.append(
        XMLElement(
          "address", ["type": "drive", "controller": "0", "bus": "0", "unit": "\(unit)"]))
    } else if isDisk, let address = pciAddress(source.target["pciAddress"]) {
      children.append(address)
    }
    return XMLElement(
      "disk",
      [
        "type": backing.type, "device": source.kind,
        "model": isDisk && source.bus == "virtio" || metrics ? virtioModel : nil,
      ], origin: origin(field), children)
  }

  private func properties(of source: DiskSource) -> [XMLElement] {
    let field = source.field
    var elements: [XMLElement] = []
    let isDisk = source.kind == "disk"
    if isDisk, let serial = field["serial"].string.flatMap(nonEmpty) {
      elements.append(XMLElement("serial", text: serial, origin: origin(field["serial"])))
    }
    if isDisk, field["shareable"].isOn(default: false) {
      elements.append(XMLElement("shareable", origin: origin(field["shareable"])))
    }
    if let order = field["bootOrder"].integer {
      elements.append(
        XMLElement("boot", ["order": "\(order)"], origin: origin(field["bootOrder"])))
    }
    let size = field["blockSize"]["custom"]
    if size.exists {
      func bytes(_ name: String) -> String? {
        size[name].integer.flatMap { $0 == 0 ? nil : "\($0)" }
      }
      elements.append(
        XMLElement(
          "blockio",
          [
            "logical_block_size": bytes("logical"), "physical_block_size": bytes("physical"),
            "discard_granularity": size["discardGranularity"].integer.map { "\($0)" },
          ], origin: origin(size)))
    }
    return elements
  }

  private func driver(_ source: DiskSource, _ backing: DiskBacking, _ thread: DiskThreads.Use?)
    -> XMLElement
  {
    let field = source.field
    let isMetrics = backing.kind == "downwardMetrics"
    var driver = XMLElement(
      "driver", ["name": "qemu", "type": backing.format],
      origin: origin(
        field["cache"], field["io"], field["errorPolicy"], field["dedicatedIOThread"],
        else: "KubeVirt: by the kind of volume"))
    if !isMetrics {
      let isShared = source.kind == "disk" && field["shareable"].isOn(default: false)
      driver[attribute: "cache"] =
        field["cache"].string.flatMap(nonEmpty) ?? (isShared ? "none" : nil)
      driver[attribute: "io"] = field["io"].string.flatMap(nonEmpty)
    }
    driver[attribute: "error_policy"] = field["errorPolicy"].string ?? "stop"
    // Disks let go of what the guest trims; CD-ROMs only where the volume's kind does.
    if (source.kind != "cdrom" && !isMetrics) || backing.discards {
      driver[attribute: "discard"] = "unmap"
    }
    if source.bus == "virtio", !isMetrics, devicesField["blockMultiQueue"].isOn(default: false) {
      driver[attribute: "queues"] = "\(max(1, topology.processors))"
    }
    switch thread {
    case .one(let number)?: driver[attribute: "iothread"] = "\(number)"
    case .pool(let count)?:
      driver.children.append(
        XMLElement(
          "iothreads", (1...count).map { XMLElement("iothread", ["id": "\($0)"]) }))
    case nil: break
    }
    return driver
  }

  private func reservation(_ field: Field) -> XMLElement {
    XMLElement(
      "reservations", ["managed": "no", "migration": "yes"], origin: origin(field),
      [
        XMLElement(
          "source",
          [
            "type": "unix", "path": "/var/run/kubevirt/daemons/pr/pr-helper.sock",
            "mode": "client",
          ])
      ])
  }
}

/// The guest devices' names: one sequence for virtio, one for all other buses.
private struct DeviceNames {
  private var taken: [String: Int] = [:]

  mutating func next(on bus: String) -> (name: String, index: Int) {
    let prefix = bus == "virtio" ? "vd" : "sd"
    let index = taken[prefix, default: 0]
    taken[prefix] = index + 1
    return (Self.name(prefix, index), index)
  }

  /// vda to vdz, then vdaa and on, as the kernel names them.
  private static func name(_ prefix: String, _ index: Int) -> String {
    var suffix = ""
    var rest = index
    repeat {
      suffix = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(rest % 26))) + suffix
      rest = rest / 26 - 1
    } while rest >= 0
    return prefix + suffix
  }
}

/// Gives virtio disks their threads in turn (storage/disk.go, assignDiskIOThread).
private struct DiskThreads {
  enum Use {
    case one(Int)
    case pool(Int)
  }

  private let pool: InputOutputThreadPool?
  private let supplemental: Int
  private var dedicated: Int
  private var shared = 1

  init(pool: InputOutputThreadPool?, supplemental: Int) {
    self.pool = pool
    self.supplemental = supplemental
    dedicated = (pool?.automatic ?? 0) + 1
  }

  mutating func next(for disk: DiskSource) -> Use? {
    guard let pool else { return nil }
    if supplemental > 0 { return .pool(supplemental) }
    if disk.hasThreadOfItsOwn {
      defer { dedicated += 1 }
      return .one(dedicated)
    }
    defer { shared = shared % max(1, pool.automatic) + 1 }
    return .one(shared)
  }
}
