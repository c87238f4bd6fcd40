import Addresses
import Foundation
import Testing

@testable import DomainXML

func fixture(_ name: String) throws -> String {
  let url = try #require(
    Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil), "no fixture \(name)")
  return try String(contentsOf: url, encoding: .utf8)
}

@Suite struct ParsingTests {
  @Test func runningDomainShowsWhatAWitnessNeeds() throws {
    let domain = try Domain(parsing: fixture("running.xml"))
    #expect(domain.type == "qemu")
    #expect(domain.id == 1)
    #expect(domain.name == "vmi-pxe-boot")
    #expect(domain.memory.bytes == 1 << 30)
    #expect(domain.vcpu.count == 2)
    #expect(domain.os.firmware == nil)
    #expect(domain.os.type.machine == "pc-q35-7.2")
    #expect(domain.os.firmwareFeatures?.feature.map(\.name) == ["enrolled-keys", "secure-boot"])
    #expect(domain.os.loader?.path == "/usr/share/OVMF/OVMF_CODE_4M.ms.fd")
    #expect(domain.os.loader?.secure == .yes)
    #expect(domain.os.loader?.type == "pflash")
    #expect(domain.os.nvram?.path == "/var/lib/pxelab/vars.fd")
    #expect(domain.os.nvram?.template == "/usr/share/OVMF/OVMF_VARS_4M.ms.fd")
    #expect(domain.features == Domain.Features(acpi: true, vmport: .off, smm: .on))
    #expect(domain.cpu?.model?.name == "qemu64")
    #expect(domain.cpu?.feature.map(\.name) == ["hypervisor", "lahf_lm"])
    #expect(domain.devices.disks.map(\.boot?.order) == [2])
    #expect(domain.devices.disks.map(\.source?.file) == ["/var/lib/pxelab/disk.qcow2"])
    #expect(domain.devices.disks.map(\.readonly) == [nil])
    let interfaces = domain.devices.interfaces
    #expect(interfaces.map(\.type) == ["ethernet", "user"])
    #expect(
      interfaces.map(\.mac?.address.description) == ["de:00:00:00:00:de", "de:00:00:00:00:df"])
    #expect(interfaces.map(\.target?.dev) == ["tap0", nil])
    #expect(interfaces.map(\.target?.managed) == [.no, nil])
    #expect(interfaces.map(\.boot?.order) == [1, nil])
    #expect(interfaces.map(\.rom?.enabled) == [nil, .no])
    #expect(interfaces.map(\.address?.bus) == ["0x01", "0x02"])
    #expect(domain.devices.controllers.count == 9)
    #expect(domain.devices.serials.first?.source?.path == "/var/lib/pxelab/serial.sock")
    #expect(domain.devices.serials.first?.log?.file == "/var/lib/pxelab/serial.log")
    #expect(domain.devices.rngs.first?.backend.device == "/dev/urandom")
    #expect(domain.devices.memballoon?.model == "none")
  }

  @Test func inactiveDomainKeepsTheAutomaticChoice() throws {
    let os = try Domain(parsing: fixture("inactive.xml")).os
    #expect(os.firmware == "efi")
    #expect(os.loader?.path == nil)
    #expect(os.loader?.secure == .yes)
  }

  @Test(arguments: [
    ("", ""),
    ("not xml", ""),
    ("<domain type='qemu'><name>a</name>", ""),
    ("<domain type='qemu'><memory>1</memory></domain>", "domain/name"),
    (
      "<domain type='qemu'><name>a</name><memory>x</memory><vcpu>1</vcpu></domain>",
      "domain/memory"
    ),
  ])
  func refusesOther(text: String, path: String) throws {
    let error = #expect(throws: DomainXMLError.self) { try Domain(parsing: text) }
    #expect(error?.path == path)
    #expect(error?.reason.isEmpty == false)
  }

  @Test(arguments: [
    (nil, 4096 as UInt64?), ("b", 4), ("KB", 4000), ("MiB", 4 << 20), ("G", 4 << 30),
    ("furlong", nil),
  ])
  func memoryUnits(unit: String?, bytes: UInt64?) {
    let memory = Domain.Memory(unit: unit, amount: 4)
    #expect(memory.bytes == bytes)
  }
}
