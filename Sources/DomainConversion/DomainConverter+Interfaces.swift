import Addresses
import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  /// The model of virtio devices: with legacy support only where the manifest asks for it.
  var virtioModel: String {
    devicesField["useVirtioTransitional"].isOn(default: false)
      ? "virtio-transitional" : "virtio-non-transitional"
  }

  /// The network interfaces: taps that are there before QEMU is (network/configurator.go). SR-IOV
  /// functions and plugins' interfaces have no place here.
  var interfaces: [XMLElement] {
    devicesField["interfaces"].items.compactMap { field in
      guard field["state"].string != "absent",
        field["bridge"].exists || field["masquerade"].exists
      else { return nil }
      return interface(field)
    }
  }

  private func interface(_ field: Field) -> XMLElement {
    let model = field["model"].string.flatMap(nonEmpty) ?? "virtio"
    var children: [XMLElement] = []
    let address = field["macAddress"]
    if let text = address.string.flatMap(nonEmpty) {
      let mac = MACAddress(text)?.description ?? text.lowercased().replacing("-", with: ":")
      children.append(XMLElement("mac", ["address": mac], origin: origin(address)))
    }
    children += [
      XMLElement("source"),
      XMLElement(
        "model", ["type": model == "virtio" ? virtioModel : model],
        origin: field["model"].exists
          ? origin(field["model"], devicesField["useVirtioTransitional"])
          : origin(devicesField["useVirtioTransitional"], else: "default: virtio")),
    ]
    if model == "virtio" { children += queues }
    let order = field["bootOrder"]
    if let place = order.integer {
      children.append(XMLElement("boot", ["order": "\(place)"], origin: origin(order)))
    } else {
      children.append(
        XMLElement(
          "rom", ["enabled": "no"], origin: "KubeVirt: without bootOrder it never boots"))
    }
    if field["state"].string == "down" {
      children.append(XMLElement("link", ["state": "down"], origin: origin(field["state"])))
    }
    let index = field["acpiIndex"]
    if let number = index.integer, number > 0 {
      children.append(XMLElement("acpi", ["index": "\(number)"], origin: origin(index)))
    }
    children.append(alias(field["name"].string ?? ""))
    if let pciAddress = pciAddress(field["pciAddress"]) { children.append(pciAddress) }
    return XMLElement(
      "interface", ["type": "ethernet"], origin: origin(field), children)
  }

  private var queues: [XMLElement] {
    let field = devicesField["networkInterfaceMultiqueue"]
    guard field.isOn(default: false) else { return [] }
    return [
      XMLElement(
        "driver", ["name": "vhost", "queues": "\(min(topology.processors, 256))"],
        origin: origin(field))
    ]
  }

  func alias(_ name: String) -> XMLElement {
    XMLElement("alias", ["name": "ua-\(name)"], origin: "the device's name")
  }

  /// `<address>` of `0000:81:01.0`; `nil` for another text.
  func pciAddress(_ field: Field) -> XMLElement? {
    guard let text = field.string,
      let match = text.wholeMatch(
        of: /([0-9a-fA-F]{4}):([0-9a-fA-F]{2}):([0-9a-fA-F]{2})\.([0-7])/)
    else { return nil }
    return XMLElement(
      "address",
      [
        "type": "pci", "domain": "0x\(match.1)", "bus": "0x\(match.2)", "slot": "0x\(match.3)",
        "function": "0x\(match.4)",
      ], origin: origin(field))
  }
}
