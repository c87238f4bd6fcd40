import BootOrder
import DomainXML
import Execution
import FileSystem
import Firmware
import Kinds
import LabHost
import LabStore
import Planning

/// Reads what is known of the boot order of a machine of a lab that is up.
struct BootOrderReading {
  let machine: LabMachineReference

  init(_ machine: LabMachineReference) {
    self.machine = machine
  }

  /// What was seen of a machine; of one that is off, what its next start takes.
  private static func observation(
    of machine: LabMachineReference
  ) async throws -> BootObservation {
    do {
      return try await machine.client.perform(.boots, on: machine.name)
    } catch let error as LabHostError where error.cause == .lab {
      return BootObservation(
        isOn: false, domainXML: nil, bootIndexes: nil, console: [], wire: [], starts: [])
    }
  }

  /// What is known.
  ///
  /// - Throws: ``Failure``; `ControlError`, `XMLParsingError`.
  func evidence() async throws -> BootOrderEvidence {
    let observation = try await Self.observation(of: machine)
    let plan = machine.machine
    var evidence = BootOrderEvidence(
      machine: plan.name, isUEFI: plan.variableStore != nil, manifest: plan.bootDevices,
      domain: try Domain(parsing: observation.domainXML ?? plan.domainXML),
      domainSource: observation.domainXML == nil
        ? .planned : observation.isOn ? .live : .defined)
    evidence.isOn = observation.isOn
    evidence.bootIndexes = observation.bootIndexes
    evidence.console = observation.console
    evidence.wire = observation.wire
    evidence.starts = observation.starts
    evidence.isPersistent = plan.variableStore?.persistent ?? false
    if let store = plan.variableStore {
      let isMade = Files.exists(store.path)
      evidence.storeSource = !isMade ? .template : observation.isOn ? .snapshot : .file
      evidence.store = try await readStore(at: isMade ? store.path : store.template)
    }
    return evidence
  }
}

/// Makes out what a machine's manifest would make of its boot order.
struct BootOrderForecastReading {
  let planned: MachinePlan
  /// The machine as it is, where its lab is up.
  let running: LabMachineReference?

  /// What would be.
  ///
  /// - Throws: ``Failure``; `ControlError`, `XMLParsingError`.
  func evidence() async throws -> BootOrderEvidence {
    var now: BootOrderEvidence?
    if let running { now = try await BootOrderReading(running).evidence() }
    var evidence = BootOrderEvidence(
      machine: planned.name, isUEFI: planned.variableStore != nil, manifest: planned.bootDevices,
      domain: try Domain(parsing: planned.domainXML), domainSource: .planned)
    if let now {
      evidence.domain.takeAddresses(of: now.domain)
      evidence.before = BootOrderTable(now)
      evidence.isOn = now.isOn
    }
    guard let store = planned.variableStore else { return evidence }
    evidence.isPersistent = store.persistent
    // A store that does not last begins from the template.
    let isKept = store.persistent && Files.exists(store.path)
    evidence.storeSource = isKept ? .file : .template
    guard !isKept, let customization = store.customization else {
      evidence.store = try await readStore(at: isKept ? store.path : store.template)
      return evidence
    }
    var template = try await readStore(at: customization.base)
    try refusingUsage { try StoreTemplate.setVariables(customization, in: &template) }
    evidence.store = template
    return evidence
  }
}

/// The variable store in a file.
///
/// - Throws: ``Failure`` when it cannot be read.
func readStore(at path: String) async throws -> VariableStore {
  do {
    return try await VariableStoreReader(runner: SubprocessRunner()).flash(
      VariableStoreFile(path: path))
  } catch {
    throw Failure(.lab, "\(error)")
  }
}
