import BootOrder
import Control
import DomainXML
import Execution
import ExternalCommand
import Foundation
import LabPlan
import Libvirt

/// Says what was seen of the machines' boots, and asks libvirt and QEMU for their boot orders.
actor BootWitness {
  private let plan: LabPlan
  private let runner: any CommandRunner
  private var connection: Connection?
  private var watches: [MachineWatch] = []

  init(plan: LabPlan, runner: any CommandRunner = SubprocessRunner()) {
    self.plan = plan
    self.runner = runner
  }

  /// The machines are defined and watched.
  func watch(_ watches: [MachineWatch], by connection: Connection) {
    self.watches = watches
    self.connection = connection
  }

  /// What was seen of a machine.
  ///
  /// - Throws: `PowerRefusal`, `LibvirtError`.
  func observation(of name: String) async throws -> BootObservation {
    guard plan.machines.contains(where: { $0.name == name }) else {
      throw PowerRefusal(
        "the lab has no machine \(name); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    guard let connection, let watch = watches.first(where: { $0.plan.name == name }) else {
      throw PowerRefusal("the lab's machines are not defined yet")
    }
    var isOn = false
    var xml: String?
    do throws(LibvirtError) {
      isOn = ![.shutOff, .crashed].contains(try await connection.domain(name).state)
      xml = try await connection.xml(of: name, inactive: !isOn)
    } catch {
      // A machine that stays Pending is not defined.
      guard error.code == .noDomain else { throw error }
    }
    var indexes: [String: Int]?
    if isOn, let xml { indexes = await bootIndexes(of: name, xml) }
    return BootObservation(
      isOn: isOn, domainXML: xml, bootIndexes: indexes, console: await watch.consoleEvents,
      wire: await watch.wireEvents, starts: await watch.starts)
  }

  /// `bootindex` of each device of the running QEMU that has one (QMP's qom-get); `nil` where it is
  /// not to be asked.
  private func bootIndexes(of name: String, _ xml: String) async -> [String: Int]? {
    guard let domain = try? Domain(parsing: xml) else { return nil }
    let devices = BootDevice.devices(of: domain).compactMap(\.alias).filter(Self.isIdentifier)
    guard !devices.isEmpty else { return [:] }
    // In one session of virsh; each request is answered by a line, a device without the property too.
    let requests = devices.map { device in
      "qemu-monitor-command \(name) '{\"execute\":\"qom-get\",\"arguments\":"
        + "{\"path\":\"/machine/peripheral/\(device)\",\"property\":\"bootindex\"}}'"
    }
    let output = try? await runner.run(
      Command(
        "virsh",
        ["--quiet", "--connect", plan.paths.libvirtURI, requests.joined(separator: "; ")]))
    struct Answer: Decodable {
      var `return`: Int?
    }
    guard let output else { return nil }
    let answers = output.split(separator: "\n").filter { $0.hasPrefix("{") }
    guard answers.count == devices.count else { return nil }
    var indexes: [String: Int] = [:]
    for (device, answer) in zip(devices, answers) {
      let index = try? JSONDecoder().decode(Answer.self, from: Data(answer.utf8)).return
      // -1 is none.
      if let index, index >= 0 { indexes[device] = index }
    }
    return indexes
  }

  /// Whether a device's alias can stand in a request as it is.
  private static func isIdentifier(_ text: String) -> Bool {
    !text.isEmpty
      && text.allSatisfy { character in
        character.isASCII && (character.isLetter || character.isNumber)
          || "-_.:+".contains(character)
      }
  }
}
