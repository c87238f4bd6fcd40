import BootOrder
import DomainXML
import Kinds
import Libvirt
import Objects
import PXEWire
import Planning

/// Why a node does not do what it was asked for.
struct OperationRefusal: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension NodeAgent {
  /// Begins the operations that nobody has answered yet, once the plan in force is as new as the objects
  /// that there were when they were asked for: each kind is followed by itself, and the request may come
  /// before what it is about.
  func takeOperations(knowing objects: [ObjectKey: ObjectNode]) {
    for (key, object) in cache.objects(of: NodeOperation.resource) where object["status"] == nil {
      guard object["spec", "node"]?.string == configuration.name else { continue }
      switch operations[key] {
      case .asked, .begun: continue
      case .waiting(let versions) where versions.hold(of: objects):
        operations[key] = .begun
        Task {
          let status = await answer(object)
          await writer.changeStatus(key) { tree in
            tree["status"] = status
            tree["status", "completionTime"] = .text(Timestamp.now.secondTime)
            return true
          }
          operations[key] = nil
        }
      // What was waited for may have been removed since.
      case nil, .waiting:
        operations[key] = .asked
        Task {
          operations[key] = await versions().map { .waiting($0) }
          trigger()
        }
      }
    }
  }

  private func answer(_ object: ObjectNode) async -> ObjectNode {
    do {
      let result = try await perform(request: try object.decoded(as: NodeOperation.self).spec)
      return ["outcome": "Done", "result": result ?? .null]
    } catch {
      let reason = (error as? LibvirtError)?.message ?? "\(error)"
      return ["outcome": "Refused", "message": .text(reason)]
    }
  }

  private func perform(request: NodeOperation.Spec) async throws -> ObjectNode? {
    let arguments = request.arguments?.node ?? ObjectNode.null
    guard let action = NodeAction(rawValue: request.action) else {
      throw OperationRefusal("a node knows no operation \(request.action)")
    }
    switch action {
    case .settle: return nil
    case .dataplane: return try ObjectNode(encoding: await programs.state())
    case .listNamespaces: return try ObjectNode(encoding: await programs.programs)
    case .makeNamespace:
      return try ObjectNode(encoding: await programs.make(try arguments.decoded()))
    case .removeNamespace:
      try await programs.remove(arguments.string ?? "")
      return nil
    default:
      return try await perform(action, arguments, on: request.machine ?? "")
    }
  }

  private func perform(
    _ action: NodeAction, _ arguments: ObjectNode, on machine: String
  ) async throws -> ObjectNode? {
    guard let instance = instances.values.first(where: { $0.plan?.name == machine }),
      let plan = instance.plan
    else { throw OperationRefusal("\(machine) is off") }
    guard let connection else { throw OperationRefusal("libvirtd does not answer") }
    let isOn = instance.domain == .running || instance.domain == .paused
    switch action {
    case .boots: return try ObjectNode(encoding: try await observation(of: instance, plan, isOn))
    case _ where !isOn: throw OperationRefusal("\(machine) is off")
    case .reset: try await connection.reset(plan.name)
    case .pause:
      guard instance.domain == .running else {
        throw OperationRefusal("\(machine) is paused already")
      }
      try await connection.suspend(plan.name)
    case .resume:
      guard instance.domain == .paused else { throw OperationRefusal("\(machine) is not paused") }
      try await connection.resume(plan.name)
    case .powerOff: try await domains.stop(plan.name, gently: false)
    case .powerButton:
      try Self.checkHearsPowerButton(instance, machine)
      try await domains.stop(plan.name, gently: true)
    case .softReboot:
      try Self.checkHearsPowerButton(instance, machine)
      try await connection.reboot(plan.name)
    case .keys:
      try await MachineInput(connection: connection).press(try arguments.decoded(), on: plan.name)
    case .screenshot:
      return try ObjectNode(
        encoding: await MachineInput(connection: connection).screenshot(of: plan))
    default: throw OperationRefusal("\(action.rawValue) is about no machine")
    }
    return nil
  }

  private static func checkHearsPowerButton(
    _ instance: Instance, _ machine: String
  ) throws(OperationRefusal) {
    guard instance.domain == .running else {
      throw OperationRefusal(
        "\(machine) is paused, and its guest hears of no power button: `pxelab resume \(machine)`"
          + " first")
    }
  }

  private func observation(
    of instance: Instance, _ plan: MachinePlan, _ isOn: Bool
  ) async throws -> BootObservation {
    let xml = try? await connection?.xml(of: plan.name, inactive: !isOn)
    var indexes: [String: Int]?
    if isOn, let xml, let connection {
      indexes = try await MachineInput(connection: connection).bootIndexes(of: plan.name, xml)
    }
    return BootObservation(
      isOn: isOn, domainXML: xml ?? plan.domainXML, bootIndexes: indexes,
      console: instance.boot?.consoleEvents ?? [], wire: instance.boot?.wireEvents ?? [],
      starts: instance.boot?.starts ?? [])
  }
}
