import Execution
import ExternalCommand
import Foundation
import LabManifest
import ManifestSchema
import Objects
import Testing

@Suite struct ManifestSchemaTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let fixtures = root.appending(path: "Tests/ManifestSchemaTests/Fixtures")

  @Test(arguments: ["lab", "manifest"])
  func theShippedSchemaIsCurrent(name: String) throws {
    let schema = name == "lab" ? ManifestSchema.lab : ManifestSchema.manifest
    let file = Self.root.appending(path: "schema/\(name).json")
    let isCurrent = try String(contentsOf: file, encoding: .utf8) == schema.json(.sorted) + "\n"
    #expect(isCurrent, "make it anew: pxelab schema \(name) >schema/\(name).json")
  }

  @Test func theSchemaOffersWhatTheReaderOfLabYAMLTakes() throws {
    let spec = ManifestSchema.lab["definitions", "Lab", "properties", "spec"]
    let server = ManifestSchema.lab["definitions", "LabServer"]
    let machine = ManifestSchema.lab["definitions", "LabMachine"]
    let parts: [(ObjectNode?, Set<String>)] = [
      (spec, LabFields.spec),
      (ManifestSchema.lab["definitions", "LabAttachment"], LabFields.attachment),
      (ManifestSchema.lab["definitions", "LabNode"], LabFields.node),
      (
        ManifestSchema.lab["definitions", "LabNode", "properties", "cpu"], LabFields.processor
      ),
      (server, LabFields.server),
      (server?["properties", "range"], LabFields.range),
      (server?["properties", "options", "items"], LabFields.option),
      (machine, LabFields.machine),
      (machine?["properties", "expect"], LabFields.expectation),
      (machine?["properties", "efi"], LabFields.efi),
    ]
    for (part, fields) in parts {
      let properties = part?["properties"]?.entries ?? []
      #expect(Set(properties.map(\.key)) == fields)
    }
  }

  @Test func everyReferenceHasADefinition() throws {
    for schema in [ManifestSchema.lab, ManifestSchema.manifest] {
      let definitions = try #require(schema["definitions"])
      let missing = schema.references.filter {
        definitions[String($0.dropFirst("#/definitions/".count))] == nil
      }
      #expect(missing.isEmpty)
    }
  }

  @Test func theLabsAndAttachmentsAreValid() async throws {
    var files: [String] = []
    for folder in ["labs", "netconf"] {
      let path = Self.root.appending(path: folder).path
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      files += names.filter { $0.hasSuffix(".yaml") }.map { "\(path)/\($0)" }
    }
    try #require(files.count > 5)
    let said = try await complaints("manifest", files.sorted())
    // The mistake of one lab is a field that is not there.
    let mistakes = said.split(separator: "\n").filter {
      !$0.contains("/toleration-misplaced/") || !$0.contains("'tolerations' was unexpected")
    }
    #expect(mistakes == [])
    let labs = files.filter { $0.hasSuffix("/lab.yaml") }
    try #require(!labs.isEmpty)
    let saidOfLabs = try await complaints("lab", labs)
    #expect(saidOfLabs == "")
  }

  @Test func brokenOnesAreNot() async throws {
    let folder = Self.fixtures.appending(path: "broken").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      .map { "\(folder)/\($0)" }
    let said = try await complaints("manifest", files).split(separator: "\n")
    for file in files {
      let first = try String(contentsOfFile: file, encoding: .utf8).prefix { $0 != "\n" }
      let expected = "\(file): \(first.dropFirst(2)): "
      #expect(said.contains { $0.hasPrefix(expected) }, "nothing begins with \(expected)")
    }
    let labs = files.filter { $0.contains("/lab-") }
    let saidOfLabs = try await complaints("lab", labs).split(separator: "\n")
    for file in labs {
      #expect(saidOfLabs.contains { $0.hasPrefix("\(file): ") }, "nothing against \(file)")
    }
  }

  private func complaints(_ schema: String, _ files: [String]) async throws -> String {
    try await SubprocessRunner().run(
      // Debian's own Python, which has Debian's modules.
      Command(
        "/usr/bin/python3",
        [
          Self.fixtures.appending(path: "validate.py").path,
          Self.root.appending(path: "schema/\(schema).json").path,
        ] + files))
  }
}

extension ObjectNode {
  /// What `$ref`s anywhere in it name.
  fileprivate var references: [String] {
    let own = entry("$ref").flatMap { $0.value.scalar?.text }.map { [$0] } ?? []
    let nested = entries.filter { $0.key != "$ref" }.map(\.value) + items
    return own + nested.flatMap(\.references)
  }
}
