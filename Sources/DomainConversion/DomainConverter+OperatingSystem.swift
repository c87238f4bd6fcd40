import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  var firmware: Field { domainField["firmware"] }
  var efi: Field { firmware["bootloader"]["efi"] }

  /// The SMBIOS tables' values (compute/sysinfo.go; virt-config, SmbiosConfigDefault*).
  var systemInformation: XMLElement {
    var entries: [XMLElement] = []
    if let uuid = firmware["uuid"].string.flatMap(nonEmpty) ?? identity.uuid {
      entries.append(
        entry("uuid", uuid, origin(firmware["uuid"], else: "default: made for this machine")))
    }
    let madeUp = isOfVirtualMachine ? identity.serial : nil
    if let serial = firmware["serial"].string.flatMap(nonEmpty) ?? madeUp {
      entries.append(
        entry("serial", serial, origin(firmware["serial"], else: "default: made for this machine")))
    }
    let cluster = "cluster: SMBIOS configuration"
    entries += [
      ("manufacturer", "KubeVirt"), ("family", "KubeVirt"), ("product", "None"), ("sku", ""),
      ("version", ""),
    ].map { entry($0, $1, cluster) }
    let chassis = domainField["chassis"]
    let chassisEntries = ["manufacturer", "version", "serial", "asset", "sku"].map { name in
      entry(name, chassis[name].string ?? "", origin(chassis[name]))
    }
    var tables = [XMLElement("system", entries)]
    // KubeVirt writes the empty tables too, which libvirt's schema does not allow.
    if chassis.exists { tables.append(XMLElement("chassis", chassisEntries)) }
    return XMLElement("sysinfo", ["type": "smbios"], tables)
  }

  private func entry(_ name: String, _ value: String, _ origin: String) -> XMLElement {
    XMLElement("entry", ["name": name], text: value, origin: origin)
  }

  /// Machine type, firmware and direct kernel boot (compute/os.go).
  var operatingSystem: XMLElement {
    let machine = domainField["machine"]["type"]
    // The node is amd64: a machine of another architecture keeps only a type that it names.
    let isForeign = machine.reason != nil && spec["architecture"].string != "amd64"
    var children = [
      XMLElement(
        "type", ["arch": "x86_64", "machine": isForeign ? "q35" : machine.string], text: "hvm",
        origin: isForeign ? "KubeVirt: on an amd64 node" : origin(machine))
    ]
    if efi.exists { children += firmwareFiles }
    children += directKernelBoot
    children += licenceTables
    if spec["startStrategy"].string == "Paused" {
      children.append(
        XMLElement(
          "bootmenu", ["enable": "yes", "timeout": "10000"], origin: origin(spec["startStrategy"])))
    }
    let useSerial = firmware["bootloader"]["bios"]["useSerial"]
    if useSerial.isOn(default: false) {
      children.append(XMLElement("bios", ["useserial": "yes"], origin: origin(useSerial)))
    }
    children.append(
      XMLElement("smbios", ["mode": "sysinfo"], origin: "KubeVirt: the values of <sysinfo>"))
    return XMLElement("os", children)
  }

  /// OVMF as virtwrap/efi chooses it where all of KubeVirt's builds are there: without Secure Boot
  /// it is the same code with a store that has no keys.
  private var firmwareFiles: [XMLElement] {
    let secureBoot = efi["secureBoot"].isOn(default: true)
    let directory = "/usr/share/OVMF"
    let secureBootOrigin =
      efi["secureBoot"].exists
      ? origin(efi["secureBoot"]) : "\(origin(efi)), default: secureBoot is true"
    return [
      XMLElement(
        "loader", ["readonly": "yes", "secure": secureBoot ? "yes" : "no", "type": "pflash"],
        text: "\(directory)/OVMF_CODE.secboot.fd", origin: secureBootOrigin),
      XMLElement(
        "nvram",
        ["template": "\(directory)/\(secureBoot ? "OVMF_VARS.secboot.fd" : "OVMF_VARS.fd")"],
        text: "/var/run/kubevirt-private/libvirt/qemu/nvram/\(name)_VARS.fd",
        origin: efi["persistent"].exists
          ? "\(secureBootOrigin), \(origin(efi["persistent"]))" : secureBootOrigin),
    ]
  }

  private var directKernelBoot: [XMLElement] {
    let kernelBoot = firmware["kernelBoot"]
    let container = kernelBoot["container"]
    func artifact(_ element: String, _ field: Field) -> XMLElement? {
      guard let path = field.string.flatMap(nonEmpty) else { return nil }
      let file = path.split(separator: "/").last.map(String.init) ?? path
      return XMLElement(
        element, text: "/var/run/kubevirt/container-disks/kernel-boot/\(file)",
        origin: origin(field))
    }
    let arguments = kernelBoot["kernelArgs"]
    return [
      artifact("kernel", container["kernelPath"]), artifact("initrd", container["initrdPath"]),
      arguments.string.flatMap(nonEmpty).map {
        XMLElement("cmdline", text: $0, origin: origin(arguments))
      },
    ].compactMap { $0 }
  }

  /// ACPI tables with licences, out of secrets.
  private var licenceTables: [XMLElement] {
    let tables = [("slic", "slicNameRef"), ("msdm", "msdmNameRef")].compactMap {
      type, name -> XMLElement? in
      let field = firmware["acpi"][name]
      guard let volume = field.string.flatMap(nonEmpty) else { return nil }
      return XMLElement(
        "table", ["type": type], text: "/var/run/kubevirt-private/secret/\(volume)/\(type).bin",
        origin: origin(field))
    }
    return tables.isEmpty ? [] : [XMLElement("acpi", tables)]
  }
}
