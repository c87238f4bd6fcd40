import Addresses
import Foundation
import LabManifest
import Objects
import Testing

@Suite struct ShippedLabTests {
  static let labs = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "labs")
    .resolvingSymlinksInPath()

  static func read(_ name: String) throws -> LabInput {
    let folder = labs.appending(path: name)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
    let files = try names.filter { $0.hasSuffix(".yaml") }.map { name in
      (
        path: name,
        text: try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      )
    }
    return LabInput(files: files, folderName: folder.lastPathComponent)
  }

  /// Every folder under labs/ that holds manifests, faults included.
  static func folders() throws -> [String] {
    let found = try FileManager.default.subpathsOfDirectory(atPath: labs.path())
    let manifests = found.filter { $0.hasSuffix(".yaml") }
    return Set(manifests.map { ($0 as NSString).deletingLastPathComponent }).sorted()
  }

  @Test func everyLabIsWithoutErrors() throws {
    let folders = try Self.folders()
    #expect(folders.count >= 3)
    for folder in folders {
      let input = try Self.read(folder)
      #expect(!input.hasErrors, "\(folder): \(input.problems)")
      #expect(!input.machines.isEmpty)
    }
  }

  @Test func secureboot() throws {
    let input = try Self.read("secureboot")
    // The specification's bridge name is one character too long for Linux.
    #expect(input.problems.map(\.field) == ["spec.config.bridge"])
    #expect(input.lab.name == "secureboot")
    #expect(input.lab.notices.isEmpty)
    #expect(input.cluster.persistentState)
    #expect(input.cluster.defaultCPUModel != nil)
    let machine = try #require(input.machines.first)
    #expect(machine.secureBoot && machine.persistentEFI)
    #expect(machine.bootDevices.map(\.name) == ["pxe-net", "containerdisk"])
    #expect(machine.interfaces[1].macAddress == MACAddress("de:00:00:00:00:de"))
    let attachment = try #require(input.attachment(of: machine.interfaces[1], in: machine))
    #expect(attachment.portVLANs.description == "100 PVID Egress Untagged")
    let expectation = try #require(input.lab.machines.first?.expectation)
    #expect(expectation.bootFrom == "pxe-net" && expectation.lockdown == true)
  }

  @Test func theFaultDiffersInItsVLANAlone() throws {
    let right = try Self.read("secureboot")
    let wrong = try Self.read("faults/server-on-vlan-200")
    #expect(wrong.machines == right.machines)
    #expect(wrong.attachments == right.attachments)
    #expect(wrong.lab.attachments.first?.server?.vlan == VLANID(rawValue: 200))
    var expectation = try #require(wrong.lab.machines.first?.expectation)
    #expect(expectation.finding == "PXL003")
    expectation.finding = nil
    #expect(expectation == right.lab.machines.first?.expectation)
  }

  @Test func minimal() throws {
    let input = try Self.read("minimal")
    #expect(input.problems.isEmpty)
    #expect(input.lab.name == "minimal")
    #expect(input.lab.notices.count == 3)
    #expect(input.lab.machines.first?.expectation.secureBoot == false)
    #expect(
      input.lab.attachments.first?.server?.address == IPv4Network("192.168.20.1/24"))
  }
}
