import Kinds
import Objects
import PXEWire

extension LabEvent {
  /// An event of the API as a person reads it; `nil` for one without an object.
  ///
  /// - Parameters:
  ///   - number: its place among the events that are shown.
  ///   - began: when the lab began.
  ///   - titles: what people call machines whose name is not enough, by `namespace/name`.
  init?(_ tree: ObjectNode, number: Int, since began: Timestamp, titles: [String: String]) {
    guard let record = EventRecord(tree) else { return nil }
    let isMachine =
      record.object.kind == "VirtualMachineInstance" || record.object.kind == "VirtualMachine"
    let time = Timestamp(apiTime: record.time) ?? began
    self.init(
      number: number, seconds: max(0, time.seconds(since: began)),
      kind: Kind(rawValue: record.reason.lowercased()) ?? .object,
      machine: isMachine
        ? titles["\(record.object.namespace)/\(record.object.name)"] ?? record.object.name : nil,
      text: record.message, percent: record.percent)
  }
}
