import Addresses
import DomainXML
import Foundation
import Testing

@Suite struct EncodingTests {
  static func machine() throws -> Domain {
    let mac = try #require(MACAddress("de:00:00:00:00:de"))
    var pxe = Domain.Interface(
      tap: "tap0", mac: mac, model: "virtio-non-transitional", bootOrder: 1, alias: "ua-pxe-net")
    pxe.link = Domain.Interface.Link(state: "down")
    pxe.mtu = Domain.Interface.MTU(size: 1500)
    pxe.address = Domain.Address(
      pciDomain: "0x0000", bus: "0x01", slot: "0x00", function: "0x0")
    return Domain(
      type: "qemu", name: "a & <b>", uuid: "7bd49508-ec80-4e40-b83f-d6821fecf120",
      memory: Domain.Memory(bytes: 1 << 30), vcpu: Domain.VirtualCPUs(count: 2),
      sysinfo: Domain.SystemInformation(
        system: Domain.SystemInformation.Table(entry: [
          Domain.SystemInformation.Entry(name: "manufacturer", value: "KubeVirt"),
          Domain.SystemInformation.Entry(name: "serial", value: "it's \"1\""),
        ])),
      os: Domain.OperatingSystem(
        firmware: "efi", type: .init(arch: "x86_64", machine: "q35"),
        firmwareFeatures: .init(feature: [
          .init(enabled: .yes, name: "secure-boot"), .init(enabled: .yes, name: "enrolled-keys"),
        ]),
        loader: .init(secure: .yes),
        nvram: .init(path: "/v/vars.fd"), bootmenu: .init(enable: .yes, timeout: 10000),
        smbios: .init(mode: "sysinfo")),
      features: Domain.Features(acpi: true, vmport: .off, smm: .on),
      cpu: Domain.CPU(
        mode: "custom", match: "exact",
        model: Domain.CPU.Model(name: "Skylake-Server-noTSX-IBRS", fallback: "allow"),
        topology: Domain.CPU.Topology(sockets: 1, cores: 2, threads: 1),
        feature: [Domain.CPU.Feature(policy: "disable", name: "mpx")]),
      onPowerOff: "destroy", onReboot: "restart", onCrash: "destroy",
      devices: Domain.Devices(
        emulator: "/usr/bin/qemu-system-x86_64",
        disks: [
          Domain.Disk(
            file: "/v/disk.qcow2", driver: .init(type: "qcow2", cache: "none", io: "threads"),
            target: .init(dev: "vda", bus: "virtio"), serial: "S1", bootOrder: 2,
            alias: "ua-root"),
          Domain.Disk(
            file: nil, device: "cdrom", target: .init(dev: "sda", bus: "sata"), isReadOnly: true),
        ],
        controllers: [Domain.Controller(type: "usb", index: 0, model: "none")],
        interfaces: [pxe, Domain.Interface(type: "user", mac: nil, model: "virtio")],
        serials: [
          Domain.CharacterDevice(
            unixSocket: "/v/serial.sock", log: .init(file: "/v/serial.log", append: .off))
        ],
        graphics: [Domain.Graphics(vncSocket: "/v/vnc.sock")],
        videos: [Domain.Video(model: "virtio")],
        memballoon: Domain.MemoryBalloon(model: "none"),
        rngs: [Domain.RandomNumberGenerator()]))
  }

  @Test func theTextIsTheFixture() throws {
    let text = try Self.machine().encode()
    #expect(text == (try fixture("defined.xml")))
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let domain = try Self.machine()
    let read = try Domain(parsing: domain.encode())
    #expect(read.name == domain.name)
    #expect(read.sysinfo == domain.sysinfo)
    #expect(read.os == domain.os)
    #expect(read.devices.disks == domain.devices.disks)
    #expect(read == domain)
  }

  @Test(arguments: ["running.xml", "inactive.xml"])
  func whatIsReadIsWrittenBack(name: String) throws {
    let domain = try Domain(parsing: fixture(name))
    #expect(try Domain(parsing: domain.encode()) == domain)
  }
}
