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
    #expect(host.hasPrefix("<cpu><model>EPYC</model><vendor>AMD</vendor><feature "))
    #expect(host.contains("<feature policy='require' name='la57'/>"))
    #expect(host.contains("<feature policy='disable' name='vme'/>"))
  }

  @Test func theFeaturesOfABaseline() throws {
    let features = try ProcessorCapabilities.features(ofBaseline: fixture("baseline-tcg.xml"))
    #expect(features.isSuperset(of: ["apic", "aes", "3dnow"]))
    #expect(!features.contains("3dnowprefetch"), "disabled")
  }

  @Test func aModelsNameIsText() {
    #expect(
      ProcessorCapabilities.description(ofModel: "a<b'&\"")
        == "<cpu mode='custom' match='exact'><model>a&lt;b&apos;&amp;&quot;</model></cpu>")
  }

  @Test(arguments: ["", "<domainCapabilities", "<domainCapabilities><cpu><mode/></cpu>"])
  func whatIsNoneIsAnError(_ text: String) {
    #expect(throws: DomainXMLError.self) { try ProcessorCapabilities(parsing: text) }
  }
}
