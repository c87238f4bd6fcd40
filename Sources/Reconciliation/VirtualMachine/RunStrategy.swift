import Objects

/// When a machine runs (KubeVirt, `spec.runStrategy`).
enum RunStrategy: String, CaseIterable {
  /// Always: an instance that ends is made anew.
  case always = "Always"
  /// From its making on; anew when the instance has failed, and not when the guest powered off.
  case rerunOnFailure = "RerunOnFailure"
  /// When a person says so.
  case manual = "Manual"
  /// Not at all. A person who starts it makes it `Always`.
  case halted = "Halted"
  /// One instance, which is kept when it has ended.
  case once = "Once"
  /// Not until another cluster sends it over, which no lab does.
  case waitAsReceiver = "WaitAsReceiver"

  /// Why a machine has none.
  struct Refusal: Error, Equatable {
    var message: String
  }

  /// The strategy of a machine; `running` is its older form.
  init(of machine: ObjectNode) throws(Refusal) {
    let running = machine["spec", "running"]
    let text = machine["spec", "runStrategy"]?.string
    if let running, !running.isNull {
      guard text == nil else {
        throw Refusal(message: "running and runstrategy are mutually exclusive")
      }
      self = running.boolean == true ? .always : .halted
    } else if let text {
      guard let strategy = RunStrategy(rawValue: text) else {
        throw Refusal(message: "unknown runstrategy: \(text)")
      }
      self = strategy
    } else {
      self = .halted
    }
  }

  /// Whether an instance that fails before it runs is made anew after a while.
  var backsOff: Bool { self == .always || self == .rerunOnFailure || self == .once }
}
