import Execution
import FileSystem
import Firmware
import FoundationEssentials
import LabStore
import Planning

/// Makes the store that a machine begins with of the firmware's own, as lab.yaml's `efi` says.
package struct StoreTemplate: Sendable {
  let plan: LabPlan
  let manifestFolder: String
  let runner: any CommandRunner

  /// Makes the templates of all machines that have their own.
  ///
  /// - Throws: ``LabHostError`` naming the machine.
  func make() async throws {
    for machine in plan.machines {
      guard let store = machine.variableStore, let customization = store.customization else {
        continue
      }
      do {
        let template = try await template(customization)
        try Files.makeParent(of: store.template)
        try Files.write(Data(template.bytes), to: store.template)
      } catch let error as EFIDecodingError {
        throw LabHostError(.manifests, "the variable store of \(machine.name): \(error)")
      } catch let error as FileError {
        throw LabHostError(.manifests, "the variable store of \(machine.name): \(error)")
      } catch let error as LabHostError where error.cause == .request {
        throw LabHostError(.manifests, "the variable store of \(machine.name): \(error)")
      }
    }
  }

  /// Sets the further variables that lab.yaml lists.
  ///
  /// - Throws: ``LabHostError``; `EFIDecodingError`, `VariableStoreFullError`.
  package static func setVariables(
    _ customization: StoreCustomization, in store: inout VariableStore
  ) throws {
    for (text, value) in customization.variables.sorted(by: { $0.key < $1.key }) {
      let name = try store.name(text)
      if let entry = BootVariable.entry(named: name.name), name.vendor == .efiGlobal {
        try store.setBootOption(
          entry,
          LoadOption(
            attributes: .active, description: "pxelab", devicePath: try DevicePath(text: value)))
        continue
      }
      guard let data = try VariableValue.bytes(of: value, for: name) else {
        throw LabHostError(.manifests, "efi.variables.\(text) has no text form")
      }
      try store.set(Variable(name, attributes: name.usualAttributes ?? .runtime, data: data))
    }
  }

  private func template(_ customization: StoreCustomization) async throws -> VariableStore {
    var store = try await VariableStoreReader(runner: runner).flash(
      VariableStoreFile(path: customization.base))
    switch customization.keys {
    case .distribution: break
    case .none: store.removeKeys()
    case .lab:
      store.removeKeys()
      try store.enroll(await LabKeys(paths: plan.paths, runner: runner).enrollment())
    }
    let source = SignatureSource(runner: runner)
    var more = KeyEnrollment()
    for file in customization.trusted { more.allowed += try await source.items(path(file)) }
    for file in customization.revoked { more.forbidden += try await source.items(path(file)) }
    for file in customization.authorities {
      more.authorities += try await source.certificates(path(file))
    }
    try store.enroll(more)
    try Self.setVariables(customization, in: &store)
    return store
  }

  /// A file of the lab's folder, else one that is served; a hash stays as it is.
  private func path(_ text: String) -> String {
    let candidates =
      text.hasPrefix("/")
      ? [text] : ["\(manifestFolder)/\(text)"] + plan.servers.map { "\($0.root)/\(text)" }
    return candidates.first(where: Files.exists) ?? (text.count == 64 ? text : candidates[0])
  }
}
