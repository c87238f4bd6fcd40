import DomainXML
import Foundation
import Testing

@Suite struct ProcessorCapabilitiesTests {
  private func fixture(_ name: String) throws -> String {
    try String(
      contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name)"), encoding: .utf8)
  }

  @Test func modelsAndTheHostModel() throws {
    let capabilities = try ProcessorCapabilities(parsing: fixture("capabilities-tcg.xml"))
    #expect(capabilities.models["Conroe"] == .yes)
    #expect(capabilities.models["Skylake-Client"] == .no)
    #expect(capabilities.models["skylake-client"] == nil)
    let host = try #require(capabilities.hostModel)
    #expect(host.name == "cpu" && host.attributes.isEmpty)
    #expect(host.children.prefix(3).map(\.name) == ["model", "vendor", "feature"])
    #expect(host.first("model") == XMLElement("model", text: "EPYC"))
    #expect(host.first("vendor") == XMLElement("vendor", text: "AMD"))
    for (policy, name) in [("require", "la57"), ("disable", "vme")] {
      #expect(
        host.children.contains(XMLElement("feature", ["policy": policy, "name": name])), "\(name)")
    }
  }

  @Test func theFeaturesOfABaseline() throws {
    let features = try ProcessorCapabilities.features(ofBaseline: fixture("baseline-tcg.xml"))
    #expect(features.isSuperset(of: ["apic", "aes", "3dnow"]))
    #expect(!features.contains("3dnowprefetch"), "disabled")
  }

  @Test(arguments: ["", "<domainCapabilities", "<domainCapabilities><cpu></cpu>", "<cpu/>"])
  func whatIsNoneIsAnError(_ text: String) {
    #expect(throws: XMLParsingError.self) { try ProcessorCapabilities(parsing: text) }
  }
}
