import Addresses

extension DevicePathNode: CustomStringConvertible {
  /// The text form (UEFI 2.10 section 10.6.1.6), spelled as edk2 prints it.
  package var description: String {
    switch self {
    case .pciRoot(let isExpress, let uid): "\(isExpress ? "PcieRoot" : "PciRoot")(\(hex(uid)))"
    case .acpi(let hid, let uid): "Acpi(\(Self.eisaText(hid)),\(hex(uid)))"
    case .pci(let device, let function): "Pci(\(hex(device)),\(hex(function)))"
    case .mac(let address, let interfaceType):
      "MAC(\(address.octets.hexadecimal.uppercased()),\(hex(interfaceType)))"
    case .ipv4(let node): node.text
    case .ipv6(let node): node.text
    case .vlan(let identifier): "Vlan(\(identifier))"
    case .uri(let text): "Uri(\(text))"
    case .usb(let port, let interface): "USB(\(hex(port)),\(hex(interface)))"
    case .sata(let port, let multiplier, let unit):
      "Sata(\(hex(port)),\(hex(multiplier)),\(hex(unit)))"
    case .scsi(let target, let unit): "Scsi(\(hex(target)),\(hex(unit)))"
    case .partition(let node): node.text
    case .file(let path): path
    case .acpiAddress(let address): "AcpiAdr(\(hex(address)))"
    case .controller(let number): "Ctrl(\(hex(number)))"
    case .uart(let baud, let dataBits, let parity, let stopBits):
      "Uart(\(baud == 0 ? "DEFAULT" : "\(baud)"),\(dataBits == 0 ? "DEFAULT" : "\(dataBits)"),"
        + "\(UARTText.word(parity, UARTText.parities)),\(UARTText.word(stopBits, UARTText.stopBits)))"
    case .nvme(let namespace, let identifier):
      "NVMe(\(hex(namespace)),"
        + identifier.littleEndianBytes.map { $0.hexadecimal.uppercased() }.joined(separator: "-")
        + ")"
    case .cdROM(let entry, let start, let size):
      "CDROM(\(hex(entry)),\(hex(start)),\(hex(size)))"
    case .firmwareFile(let guid): "FvFile(\(guid.description.uppercased()))"
    case .firmwareVolume(let guid): "Fv(\(guid.description.uppercased()))"
    case .vendor(let kind, let guid, let data):
      "\(kind.name)(\(guid.description.uppercased())\(data.isEmpty ? "" : "," + data.hexadecimal.uppercased()))"
    case .other(let type, let subtype, let body):
      "Path(\(type),\(subtype)\(body.isEmpty ? "" : "," + body.hexadecimal.uppercased()))"
    }
  }

  /// `PNP0501` for the compressed identifier of a PNP device, else the number.
  static func eisaText(_ hid: UInt32) -> String {
    guard hid & 0xffff == 0x41d0 else { return hex(hid) }
    let digits = String(hid >> 16, radix: 16, uppercase: true)
    return "PNP" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}

/// The words of serial lines (UEFI 2.10 section 10.6.1.6), by their numbers.
enum UARTText {
  static let parities = ["D", "N", "E", "O", "M", "S"]
  static let stopBits = ["D", "1", "1.5", "2"]

  static func word(_ number: UInt8, _ words: [String]) -> String {
    Int(number) < words.count ? words[Int(number)] : "\(number)"
  }
}

private func hex(_ number: some BinaryInteger) -> String { "0x" + String(number, radix: 16) }

private func transportText(_ number: UInt16) -> String {
  switch number {
  case 6: "TCP"
  case 17: "UDP"
  default: hex(number)
  }
}

extension IPv4Node {
  var text: String {
    "IPv4(\(remote),\(transportText(transport)),\(isStatic ? "Static" : "DHCP"),"
      + "\(local),\(gateway),\(netmask))"
  }
}

extension IPv6Node {
  var text: String {
    let origins = ["Static", "StatelessAutoConfigure"]
    let source = Int(origin) < origins.count ? origins[Int(origin)] : "StatefulAutoConfigure"
    return "IPv6(\(Self.text(remote)),\(transportText(transport)),\(source),"
      + "\(Self.text(local)),\(hex(prefixLength)),\(Self.text(gateway)))"
  }

  static func text(_ address: [UInt8]) -> String {
    stride(from: 0, to: address.count, by: 2)
      .map { Array(address[$0..<$0 + 2]).hexadecimal }
      .joined(separator: ":")
  }
}

extension PartitionNode {
  var text: String {
    let place = "\(hex(start)),\(hex(size))"
    if signatureType == 2, let guid = GUID(bytes: signature) {
      return "HD(\(number),GPT,\(guid.description.uppercased()),\(place))"
    }
    if signatureType == 1 {
      let identifier = Array(signature.prefix(4).reversed()).hexadecimal.uppercased()
      return "HD(\(number),MBR,0x\(identifier),\(place))"
    }
    return "HD(\(number),\(signatureType),0,\(place))"
  }
}
