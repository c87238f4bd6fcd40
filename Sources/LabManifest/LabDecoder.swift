import Addresses
import KubeVirt
import NetworkAttachment
import Objects

/// What a `lab.yaml` says, before defaults; each part keeps its field to report to.
struct LabFile {
  struct Attachment {
    var name: String
    var field: Field
    /// The server's field; absent means defaults.
    var server: Field
    /// `server: none`.
    var isServed: Bool
  }

  struct Machine {
    var name: String
    var field: Field
    var timeoutSeconds: Double?
    var expect: Field
    var efi: LabEFI?
  }

  var name: String
  var document: ManifestDocument
  var log: ProblemLog
  var dataplane: DataplaneChoice
  var acceleration: AccelerationChoice
  /// The release of the CNI plugins; `nil` when it is not said.
  var cniPlugins: CNIPluginsVersion?
  var capture = LabCapture()
  var nodes: [LabNode] = []
  var attachments: [Attachment]
  var machines: [Machine]
  var diskImages: [String: String]
  var schedulers: [LabScheduler] = []

  /// What a lab.yaml among files says of the CNI plugins: network attachments may come before it.
  static func cniPlugins(of files: [ManifestFile]) -> CNIPluginsVersion? {
    let lab = files.lazy.flatMap(\.documents).first(where: accepts)
    guard case .scalar(let scalar)? = lab?.root["spec"]?["cniPlugins"]?.content else { return nil }
    return CNIPluginsVersion(scalar.text)
  }

  static func accepts(_ document: ManifestDocument) -> Bool {
    document.kind == "Lab" && ["", "pxelab.dev"].contains(document.group)
  }

  init(_ document: ManifestDocument) {
    self.document = document
    log = ProblemLog(object: document.object)
    document.checkAPIVersion(served: [Lab.apiVersion], log: log)
    let root = document.fields(log)
    root.warnUnknown(except: ManifestDocument.objectKeys)
    name = document.name
    let spec = root["spec"]
    spec.warnUnknown(except: LabFields.spec)
    dataplane = spec["dataplane"].choice() ?? .auto
    acceleration = spec["acceleration"].choice() ?? .auto
    if let text = spec["cniPlugins"].stringOrNumber {
      cniPlugins = CNIPluginsVersion(text)
      if cniPlugins == nil { spec["cniPlugins"].error(CNIPluginsVersion.objection(to: text)) }
    }
    if let text = spec["kubernetes"].stringOrNumber, Release(text) == nil {
      let known = Release.known.map { "\"\($0)\"" }.joined(separator: ", ")
      spec["kubernetes"].error(
        "\(text.prefix(64).debugDescription) is no release that is known here; write one of \(known), the"
          + " nearest of which says the same of placement")
    }
    if let factor = spec["timeScale"].integer, TimeScale(factor) == nil {
      let range = TimeScale.range
      spec["timeScale"].error(
        "\(factor) is no time scale; write a whole number from \(range.lowerBound) (true time) to"
          + " \(range.upperBound)")
    }
    capture = LabCapture(spec["capture"])
    nodes = LabNode.nodes(of: spec["nodes"])
    schedulers = LabScheduler.schedulers(of: spec["schedulers"])
    attachments = spec["attachments"].items.map { item in
      item.warnUnknown(except: LabFields.attachment)
      let server = item["server"]
      var isServed = true
      if case .scalar(let scalar)? = server.node?.content {
        isServed = false
        if scalar.text != "none" {
          server.error(
            "expected a mapping or \"none\", found \(scalar.text.prefix(64).debugDescription)")
        }
      } else {
        server.warnUnknown(except: LabFields.server)
      }
      return Attachment(
        name: item.requiredName, field: item, server: server, isServed: isServed)
    }
    diskImages = spec["diskImages"].strings
    for (reference, field) in spec["diskImages"].entries where diskImages[reference] == "" {
      field.error("the path of the file that stands for \(reference) is empty")
    }
    machines = spec["machines"].items.map { item in
      item.warnUnknown(except: LabFields.machine)
      item["expect"].warnUnknown(except: LabFields.expectation)
      return Machine(
        name: item.requiredName, field: item, timeoutSeconds: item["timeout"].seconds,
        expect: item["expect"], efi: LabEFI(item["efi"]))
    }
  }
}

extension Field {
  /// The name, which has to be there.
  var requiredName: String {
    let field = self["name"]
    if !field.exists { error("Required value: name is required") }
    return field.string ?? ""
  }

  /// A program and its arguments, as in a container's `command`; `nil` when it is none.
  var command: [String]? {
    let words = items.compactMap(\.stringOrNumber)
    guard let program = words.first, words.count == items.count else {
      if case .sequence(let items)? = node?.content, items.isEmpty {
        error("a command has at least the name of a program")
      }
      return nil
    }
    if program.isEmpty { error("the name of the program is empty") }
    for (word, item) in zip(words, items) where word.contains("\0") {
      item.error("an argument cannot hold a NUL character")
    }
    return words
  }

  /// One of the words of an enumeration; a wrong one is reported with the right ones.
  func choice<Choice>() -> Choice?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    guard let text = string else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    let hint = nearest(to: text, among: known).map { "; did you mean \($0.debugDescription)?" }
    error(
      "\(text.debugDescription) is none of \(known.joined(separator: ", "))\(hint ?? "")")
    return nil
  }

  /// A value with a text form, such as an address.
  func value<Value: LosslessStringConvertible>(_ what: String) -> Value? {
    guard let text = stringOrNumber else { return nil }
    if let value = Value(text) { return value }
    error("\(text.prefix(64).debugDescription) is not \(what)")
    return nil
  }

  /// A VLAN ID; the outer `nil` means absent or wrong, the inner one untagged (0).
  var vlan: VLANID?? {
    guard let number = integer else { return nil }
    if number == 0 { return .some(nil) }
    if let raw = UInt16(exactly: number), let id = VLANID(rawValue: raw) { return .some(id) }
    error("invalid VLAN ID \(number) (must be between 0 and 4094)")
    return nil
  }

  /// A time such as `90s`, `3m`, `1h30m` or a number of seconds; over zero and at most a day.
  var seconds: Double? {
    guard let text = stringOrNumber else { return nil }
    guard let seconds = durationSeconds(text), seconds > 0, seconds <= 86_400 else {
      error(
        "\(text.prefix(64).debugDescription) is not a time over 0 and at most 24h,"
          + " such as 90s, 3m or 1h30m")
      return nil
    }
    return seconds
  }
}

/// The seconds of a text of numbers with the units h, m, s and ms, or of a plain number.
func durationSeconds(_ text: String) -> Double? {
  if let plain = Double(text), plain.isFinite, text.first?.isNumber == true { return plain }
  var rest = Substring(text)
  var total = 0.0
  guard !rest.isEmpty else { return nil }
  while !rest.isEmpty {
    let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    rest = rest.dropFirst(number.count)
    let unit = rest.prefix { $0.isLetter }
    rest = rest.dropFirst(unit.count)
    let scales: [Substring: Double] = ["h": 3600, "m": 60, "s": 1, "ms": 0.001]
    guard let value = Double(number), let scale = scales[unit] else { return nil }
    total += value * scale
  }
  return total
}
