import Objects

/// A scheduler that a lab brings along (`spec.schedulers`): a program of its author's that binds the pods
/// which name it.
package struct LabScheduler: Codable, Hashable, Sendable {
  /// The `schedulerName` of the machines that it places.
  package var name: String
  /// The program and its arguments.
  package var command: [String]

  /// What places the pods that name no scheduler: the lab's own.
  package static let ownName = "default-scheduler"

  /// A scheduler.
  package init(name: String, command: [String]) {
    self.name = name
    self.command = command
  }
}

extension LabScheduler {
  /// The schedulers of a lab.yaml's `spec.schedulers`; what is wrong is reported there, and left out.
  static func schedulers(of field: Field) -> [LabScheduler] {
    var schedulers: [LabScheduler] = []
    for item in field.items {
      item.warnUnknown(except: LabFields.scheduler)
      let name = item.requiredName
      let isName = item["name"].exists && check(name, item["name"], among: schedulers)
      guard item["command"].exists else {
        item["command"].error("Required value: a scheduler is a program, and this names none")
        continue
      }
      guard let command = item["command"].command, isName else { continue }
      schedulers.append(LabScheduler(name: name, command: command))
    }
    return schedulers
  }

  /// Whether a scheduler may have a name; files are named after it too.
  private static func check(
    _ name: String, _ field: Field, among others: [LabScheduler]
  ) -> Bool {
    if name == ownName {
      field.error("\(ownName) is the lab's own scheduler; give this one a name of its own")
    } else if let objection = ObjectName.objection(to: name) {
      field.error(objection)
    } else if others.contains(where: { $0.name == name }) {
      field.error("the scheduler \(name) is listed twice")
    } else {
      return true
    }
    return false
  }
}
