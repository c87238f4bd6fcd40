import Kinds
import Logging
import Objects
import PXEWire
import Parts

/// Tells of what becomes of programs that a lab depends on: in their objects, and by events of the lab.
actor PartReporter {
  /// What is said of a change beside the object's status.
  enum News: Hashable {
    /// A program runs again.
    case runsAgain
    /// Something is wrong that passes, or that the lab can do without.
    case trouble
    /// The lab lacks something for good.
    case failure
  }

  private let node: String
  private let writer: ObjectWriter
  private let log: Logger
  private var states: [String: LabPart.State] = [:]

  /// - Parameter node: on which the programs run.
  init(node: String, writer: ObjectWriter, log: Logger) {
    self.node = node
    self.writer = writer
    self.log = log
  }

  /// Takes a change in.
  ///
  /// - Parameters:
  ///   - isEssential: whether the lab is no lab without the program.
  ///   - lab: what the event is about.
  func tell(
    _ event: PartEvent, isEssential: Bool = true, of lab: EventRecord.Reference, at time: Timestamp
  ) async {
    guard let part = event.object(node: node, at: time.microTime), let state = part.status?.state
    else { return }
    let former = states.updateValue(state, forKey: event.title)
    let key = part.key
    do {
      let tree = try part.tree()
      await writer.make(key, tree)
      await writer.changeStatus(key) { object in
        guard object["status"]?.canonical != tree["status"]?.canonical else { return false }
        object["status"] = tree["status"]
        return true
      }
    } catch {
      log.error("a part is not written", metadata: ["part": "\(event.title)", "error": "\(error)"])
    }
    switch Self.news(
      of: state, after: former, restarts: event.restarts, isEssential: isEssential)
    {
    case nil: return
    case .runsAgain: writer.tell(lab, reason: "Notice", "\(event)")
    case .trouble:
      log.warning("\(event)")
      writer.tell(lab, .warning, reason: "Notice", "\(event)")
    case .failure:
      log.error("\(event)")
      writer.tell(lab, .warning, reason: "Failure", "\(event)")
    }
  }

  /// What is said of a program that is so now.
  ///
  /// - Parameters:
  ///   - former: how it was when it was last heard of; `nil` before.
  ///   - restarts: how often it was started again.
  static func news(
    of state: LabPart.State, after former: LabPart.State?, restarts: Int = 0, isEssential: Bool
  ) -> News? {
    switch state {
    case .starting, .off: nil
    case .running where former == .starting: restarts > 0 ? .runsAgain : nil
    case .running: former == nil || former == .running ? nil : .runsAgain
    case .hung, .restarting: .trouble
    case .failed: isEssential ? .failure : .trouble
    }
  }

  /// Whether anything was said of a program.
  func knows(_ title: String) -> Bool { states[title] != nil }

  /// Removes the object of a program that is not to run any more.
  func forget(_ title: String) async {
    states[title] = nil
    let key = ObjectKey(
      LabPart.resource, namespace: LabPart.namespace, name: LabPart.name(of: title))
    do {
      try await writer.api.delete(key)
    } catch {
      log.error("a part is not removed", metadata: ["part": "\(title)", "error": "\(error)"])
    }
  }
}
