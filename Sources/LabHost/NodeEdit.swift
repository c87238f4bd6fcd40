import Kinds
import Objects

/// A change of a node's labels or taints, as kubectl writes it.
package enum NodeEdit: Hashable, Sendable {
  /// `KEY=VALUE` or, to take the label away, `KEY-`.
  case label(String, String?)
  /// `KEY=VALUE:EFFECT`, `KEY:EFFECT`.
  case taint(key: String, value: String?, effect: String)
  /// `KEY:EFFECT-` or, whatever its effect, `KEY-`.
  case untaint(key: String, effect: String?)
  /// `cordon` and `uncordon`: whether machines may be placed on it.
  case schedulable(Bool)
  /// Whether it has power.
  case power(NodePower)

  private static let effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

  /// Reads a change of labels.
  ///
  /// - Throws: ``LabHostError`` for anything else.
  package init(label text: String) throws {
    if text.hasSuffix("-"), !text.contains("=") {
      self = .label(try Self.key(text.dropLast(), in: text), nil)
      return
    }
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw LabHostError(
        .request, "\(text.debugDescription) is no label: write KEY=VALUE, or KEY- to take it away")
    }
    self = .label(try Self.key(parts[0], in: text), try Self.value(parts[1], in: text))
  }

  /// Reads a change of taints.
  ///
  /// - Throws: ``LabHostError`` for anything else.
  package init(taint text: String) throws {
    let isRemoved = text.hasSuffix("-")
    let words = (isRemoved ? text.dropLast() : text[...])
      .split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let pair = (words.first ?? "").split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let key = try Self.key(pair.first ?? "", in: text)
    let effect = words.count == 2 ? String(words[1]) : nil
    if let effect, !Self.effects.contains(effect) {
      throw LabHostError(
        .request,
        "\(text): \(effect.debugDescription) is no effect of a taint; there is "
          + Self.effects.joined(separator: ", "))
    }
    if isRemoved {
      self = .untaint(key: key, effect: effect)
      return
    }
    guard let effect else {
      throw LabHostError(
        .request,
        "\(text.debugDescription) is no taint: write KEY=VALUE:EFFECT or KEY:EFFECT, or KEY- to take it"
          + " away")
    }
    let value = try pair.count == 2 ? Self.value(pair[1], in: text) : nil
    self = .taint(key: key, value: value, effect: effect)
  }

  /// Carries the change out.
  ///
  /// - Returns: whether the node is another by it.
  package func apply(to node: inout ObjectNode) -> Bool {
    let before = node.canonical
    switch self {
    case .label(let key, let value):
      node["metadata", "labels", key] = value.map { .text($0) }
    case .taint(let key, let value, let effect):
      var taint: ObjectNode = ["key": .text(key), "effect": .text(effect)]
      if let value { taint["value"] = .text(value) }
      let others = Self.taints(of: node) { !Self.matches($0, key, effect) }
      node["spec", "taints"] = .sequence(others + [taint])
    case .untaint(let key, let effect):
      let others = Self.taints(of: node) { !Self.matches($0, key, effect) }
      node["spec", "taints"] = others.isEmpty ? nil : .sequence(others)
    case .schedulable(let isSchedulable):
      node["spec", "unschedulable"] = isSchedulable ? nil : true
    case .power(let power):
      node["metadata", "annotations", NodePower.annotation] =
        power == .on ? nil : .text(power.rawValue)
    }
    return node.canonical != before
  }

  private static func taints(
    of node: ObjectNode, where isKept: (ObjectNode) -> Bool
  ) -> [ObjectNode] {
    (node["spec", "taints"]?.items ?? []).filter(isKept)
  }

  private static func matches(_ taint: ObjectNode, _ key: String, _ effect: String?) -> Bool {
    taint["key"]?.string == key && (effect.map { taint["effect"]?.string == $0 } ?? true)
  }

  /// A qualified name (apimachinery, pkg/util/validation, IsQualifiedName).
  private static func key(_ key: Substring, in text: String) throws -> String {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    let isName = parts.last.map { isWord($0) && !$0.isEmpty } ?? false
    let isPrefix =
      parts.count == 1
      || parts.count == 2
        && !parts[0].isEmpty && parts[0].utf8.count <= 253
        && parts[0].allSatisfy {
          $0.isASCII && ($0.isLowercase || $0.isNumber || "-.".contains($0))
        }
    guard isName, isPrefix else {
      throw LabHostError(
        .request,
        "\(text): \(key.debugDescription) is no key: up to 63 letters, digits, '-', '_' and '.', with a"
          + " letter or digit at both ends, and before that perhaps a DNS name and '/'")
    }
    return String(key)
  }

  private static func value(_ value: Substring, in text: String) throws -> String {
    guard isWord(value) else {
      throw LabHostError(
        .request,
        "\(text): \(value.debugDescription) is no value: up to 63 letters, digits, '-', '_' and '.', with"
          + " a letter or digit at both ends")
    }
    return String(value)
  }

  /// A label's value (IsValidLabelValue), which may be empty.
  private static func isWord(_ text: Substring) -> Bool {
    func isPlain(_ character: Character) -> Bool {
      character.isASCII && (character.isLetter || character.isNumber)
    }
    guard let first = text.first, let last = text.last else { return true }
    return text.utf8.count <= 63 && isPlain(first) && isPlain(last)
      && text.allSatisfy { isPlain($0) || "-_.".contains($0) }
  }
}
