import DomainXML

extension Domain {
  /// Gives devices without an address the one that a domain that libvirt knows has for the device of
  /// the same name: libvirt gives them out when a domain is defined, and keeps them where the devices
  /// stay the same.
  package mutating func takeAddresses(of other: Domain) {
    for index in devices.disks.indices where devices.disks[index].address == nil {
      let disk = devices.disks[index]
      devices.disks[index].address =
        other.devices.disks.first {
          $0.alias == disk.alias && $0.target.bus == disk.target.bus && disk.alias != nil
        }?.address
    }
    for index in devices.interfaces.indices where devices.interfaces[index].address == nil {
      let interface = devices.interfaces[index]
      devices.interfaces[index].address =
        other.devices.interfaces.first { $0.alias == interface.alias && interface.alias != nil }?
        .address
    }
    for index in devices.hostDevices.indices where devices.hostDevices[index].address == nil {
      let device = devices.hostDevices[index]
      devices.hostDevices[index].address =
        other.devices.hostDevices.first { $0.alias == device.alias && device.alias != nil }?.address
    }
    // The bridges that the addresses lead over.
    let own = devices.controllers.filter { $0.address != nil }
    devices.controllers =
      own
      + other.devices.controllers.filter { controller in
        !own.contains { $0.type == controller.type && $0.index == controller.index }
      }
  }
}
