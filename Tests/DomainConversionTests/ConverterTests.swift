import DomainXML
import Foundation
import KubeVirt
import Objects
import Testing

@testable import DomainConversion

/// Machines of our own with the domains that KubeVirt's converter made of them.
@Suite struct ConverterTests {
  /// What KubeVirt makes up by chance, as it was while the fixtures were recorded.
  static func identity(of name: String) throws -> InstanceIdentity {
    // A VirtualMachine without a serial number draws first for that when it has a UUID.
    let random = ["52fdfc07-2182-454f-963f-5f0f9a621d72", "9566c74d-1003-4c4d-bbbb-0407d1e2c649"]
    return InstanceIdentity(
      uid: "00000000-0000-0000-0000-000000000001", uuid: random[0],
      serial: random[name == "vm-firmware" ? 0 : 1])
  }

  static let names: [String] = {
    let folder = Bundle.module.bundleURL.appending(path: "Fixtures")
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()

  @Test func thereAreCases() {
    #expect(Self.names.count >= 60)
  }

  @Test(arguments: names)
  func equalsKubeVirts(_ name: String) throws {
    let expected = try XMLElement(parsing: try Self.fixture("\(name).xml"))
    let domain = try Self.domain(name)
    let parsed = try XMLElement(parsing: domain.xml())
    let difference = Self.difference(
      parsed.facts().map(Self.normal),
      expected.facts().map(Self.normal).filter { !Self.isEmptyTable($0, in: expected) })
    #expect(difference.isEmpty, "\(name):\n\(difference)")
  }

  /// The converter writes a MAC address as the manifest has it; the launcher makes it canonical.
  static func normal(_ fact: String) -> String {
    fact.contains("/mac@address") ? fact.lowercased().replacing("-", with: ":") : fact
  }

  /// KubeVirt writes SMBIOS tables without entries, which libvirt's schema does not allow.
  static func isEmptyTable(_ fact: String, in domain: XMLElement) -> Bool {
    ["bios", "baseBoard", "chassis"].contains { name in
      fact.hasSuffix("/sysinfo[smbios]/\(name)")
        && domain.first("sysinfo")?.first(name)?.children.isEmpty == true
    }
  }

  /// The origins stand in comments, which change nothing.
  @Test(arguments: names)
  func explainedIsTheSame(_ name: String) throws {
    let domain = try Self.domain(name)
    let explained = try XMLElement(parsing: domain.xml(explained: true))
    #expect(explained == (try XMLElement(parsing: domain.xml())))
  }

  static func domain(_ name: String) throws -> XMLElement {
    let file = ManifestFile(path: "\(name).yaml", text: try fixture("\(name).yaml"))
    let log = ProblemLog(object: "")
    let cluster = file.documents.lazy.compactMap { ClusterSettings($0, log: log) }.first
    let document = try #require(file.documents.first(where: Machine.accepts))
    let object = try #require(MachineObject(document, cluster: cluster ?? ClusterSettings()))
    return DomainConverter(object, identity: try identity(of: name)).domain()
  }

  static func fixture(_ name: String) throws -> String {
    try String(
      contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name)"), encoding: .utf8)
  }

  static func difference(_ ours: [String], _ theirs: [String]) -> String {
    ours.difference(from: theirs).map { change in
      switch change {
      case .insert(_, let line, _): "+ \(line)"
      case .remove(_, let line, _): "- \(line)"
      }
    }.joined(separator: "\n")
  }
}
