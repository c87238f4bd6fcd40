import DomainXML

extension Domain {
  /// Gives devices without an address the one that a domain that libvirt knows has for the device of
  /// the same name: libvirt gives them out when a domain is defined, and keeps them where the devices
  /// stay the same.
  package mutating func takeAddresses(of other: Domain) {
    let known = other.element.first("devices")?.children ?? []
    element.update("devices") { devices in
      for name in ["disk", "interface", "hostdev"] {
        devices.update(name) { device in
          guard device.first("address") == nil, device.alias != nil else { return }
          let namesake = known.first {
            $0.name == name && $0.alias == device.alias && $0.bus == device.bus
          }
          if let address = namesake?.first("address") { device.children.append(address) }
        }
      }
      // The bridges that the addresses lead over.
      devices.children.removeAll { $0.name == "controller" && $0.first("address") == nil }
      let own = devices.all("controller")
      devices.children += known.filter { controller in
        controller.name == "controller"
          && !own.contains { other in
            ["type", "index"].allSatisfy { other[attribute: $0] == controller[attribute: $0] }
          }
      }
    }
  }
}

extension XMLElement {
  fileprivate var bus: String? { first("target")?[attribute: "bus"] }
}
