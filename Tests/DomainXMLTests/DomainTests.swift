import DomainXML
import Foundation
import Testing

func fixture(_ name: String) throws -> String {
  let url = try #require(
    Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil), "no fixture \(name)")
  return try String(contentsOf: url, encoding: .utf8)
}

@Suite struct DomainTests {
  @Test func runningDomainShowsWhatAWitnessNeeds() throws {
    let domain = try Domain(parsing: fixture("running.xml"))
    #expect(domain.element[attribute: "type"] == "qemu")
    #expect(domain.element.first("name")?.text == "vmi-pxe-boot")
    #expect(domain.machineType == "pc-q35-7.2")
    #expect(domain.hasSecureLoader && domain.hasSMM)
    #expect(domain.variableStore == "/var/lib/pxelab/vars.fd")
    #expect(domain.bootKinds.isEmpty && !domain.hasBIOSConsole)
    let processor = try #require(domain.processor)
    #expect(processor.mode == "custom" && processor.model == "qemu64")
    #expect(processor.policy(ofFeature: "hypervisor") == "require")
    #expect(processor.policy(ofFeature: "rdrand") == nil)
    #expect(domain.disks.map(\.bootOrder) == [2])
    #expect(domain.disks.map(\.target) == ["vda"] && domain.disks.map(\.bus) == ["virtio"])
    #expect(domain.disks.map(\.isCDROM) == [false])
    let interfaces = domain.interfaces
    #expect(interfaces.map { $0.mac?.description } == ["de:00:00:00:00:de", "de:00:00:00:00:df"])
    #expect(interfaces.map(\.target) == ["tap0", nil])
    #expect(interfaces.map(\.bootOrder) == [1, nil])
    #expect(interfaces.map(\.hasROM) == [nil, false])
    #expect(interfaces.map(\.hasLink) == [true, true])
    #expect(interfaces.map(\.address?.bus) == [1, 2])
    #expect(domain.controllers.count == 9)
    #expect(domain.controllers.first { $0.type == "pci" }?.index == 0)
    #expect(domain.hasSerialPort && domain.hasRandomNumberGenerator)
  }

  /// The other answers of the same questions.
  @Test func anotherDomainAnswersOtherwise() throws {
    let domain = try Domain(
      parsing: """
        <domain>
          <os><boot dev='network'/><boot dev='hd'/><bios useserial='yes'/></os>
          <features><smm state='off'/></features>
          <cpu><feature name='mpx' policy='disable'/><feature name='aes'/></cpu>
          <devices>
            <disk device='cdrom'><boot order='x'/><alias name='ua-cd'/></disk>
            <interface><mac address='?'/><link state='down'/><rom enabled='yes'/></interface>
            <hostdev><source><address type='pci' slot='0x9'/></source><alias name='h'/></hostdev>
          </devices>
        </domain>
        """)
    #expect(domain.bootKinds == ["network", "hd"] && domain.hasBIOSConsole)
    #expect(!domain.hasSMM && !domain.hasSecureLoader && domain.variableStore == nil)
    #expect(domain.processor?.policy(ofFeature: "mpx") == "disable")
    #expect(domain.processor?.policy(ofFeature: "aes") == "require")
    #expect(domain.disks.map(\.isCDROM) == [true] && domain.disks.map(\.bootOrder) == [nil])
    #expect(domain.disks.map(\.element.deviceName) == ["cd"])
    #expect(domain.interfaces.map(\.mac) == [nil] && domain.interfaces.map(\.hasLink) == [false])
    #expect(domain.interfaces.map(\.hasROM) == [true])
    // The address in <source> is the host's.
    #expect(domain.hostDevices.map(\.address) == [nil] && domain.hostDevices.map(\.alias) == ["h"])
    #expect(!domain.hasSerialPort && !domain.hasRandomNumberGenerator)
  }

  @Test(arguments: ["", "<domain>", "<domainCapabilities/>"])
  func whatIsNoDomainIsAnError(_ text: String) {
    #expect(throws: XMLParsingError.self) { try Domain(parsing: text) }
  }

  @Test func aDevicesNameIsItsAliasAsKubeVirtWritesIt() {
    let device = XMLElement("disk", [XMLElement("alias", ["name": "ua-root"])])
    #expect(device.deviceName == "root")
    #expect(XMLElement("disk", [XMLElement("alias", ["name": "x"])]).deviceName == nil)
  }
}
