import Addresses
import ArgumentParser
import Diagnosis
import FileSystem
import Glibc
import NetworkAttachment

/// Asks a person at a terminal for a network attachment; questions go to standard error, so that
/// the answer can be sent to a file.
struct NetConfQuestions {
  /// Whether there is a person to ask.
  static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// The VLAN of a number; `nil` for none and 0.
  ///
  /// - Throws: a usage error in the plugin's words.
  static func vlan(_ number: Int?) throws -> VLANID? {
    guard let number, number != 0 else { return nil }
    guard let raw = UInt16(exactly: number), let vlan = VLANID(rawValue: raw) else {
      throw ValidationError("invalid VLAN ID \(number) (must be between 0 and 4094)")
    }
    return vlan
  }

  func draft() throws -> NetworkAttachmentDraft {
    var draft = NetworkAttachmentDraft(name: "")
    try ask("Name", "name", &draft) { $0.name = $1 }
    draft.kind = try choice(
      "Type (\(NetworkAttachmentDraft.Kind.allCases.map(\.rawValue).joined(separator: ", ")))",
      default: .bridge)
    switch draft.kind {
    case .bridge, .cnvBridge:
      try ask("Bridge on the nodes", "bridge", &draft) { $0.bridge = $1 }
    case .localnet:
      try ask("Physical network", "physical-network", &draft) { $0.physicalNetwork = $1 }
    case .sriov:
      try ask("Resource, as openshift.io/NAME", "resource-name", &draft) { $0.resourceName = $1 }
    }
    draft.vlan = try value("VLAN (empty for none)") { text in
      guard let number = Int(text) else { return nil }
      return try? Self.vlan(number)
    }
    if [.bridge, .cnvBridge].contains(draft.kind) {
      draft.trunk = try value("Tagged VLANs, as 200-300,400 (empty for none)", VLANRanges.init)
      if draft.vlan != nil || draft.trunk != nil {
        draft.removesDefaultVLAN = try yes("Take VLAN 1 off the port", default: true)
      }
    }
    if draft.kind != .localnet {
      draft.macSpoofCheck = try yes("Check source MAC addresses", default: false)
    }
    return draft
  }

  /// Asks until nothing is said against the option.
  private func ask(
    _ question: String, _ option: String, _ draft: inout NetworkAttachmentDraft,
    _ set: (inout NetworkAttachmentDraft, String) -> Void
  ) throws {
    while true {
      set(&draft, try line("\(question): "))
      guard let objection = draft.objections.first(where: { $0.option == option }) else { return }
      complain("  \(objection.message)")
    }
  }

  private func value<Value>(_ question: String, _ read: (String) -> Value?) throws -> Value? {
    while true {
      let text = try line("\(question): ")
      if text.isEmpty { return nil }
      if let value = read(text) { return value }
      complain("  \(text.debugDescription) is not within 1 to 4094")
    }
  }

  private func choice(
    _ question: String, default fallback: NetworkAttachmentDraft.Kind
  ) throws -> NetworkAttachmentDraft.Kind {
    while true {
      let text = try line("\(question) [\(fallback.rawValue)]: ")
      if text.isEmpty { return fallback }
      if let kind = NetworkAttachmentDraft.Kind(rawValue: text) { return kind }
      complain("  \(text.debugDescription) is none of them")
    }
  }

  private func yes(_ question: String, default fallback: Bool) throws -> Bool {
    while true {
      switch try line("\(question) [\(fallback ? "Y/n" : "y/N")]: ").lowercased() {
      case "": return fallback
      case "y", "yes": return true
      case "n", "no": return false
      default: complain("  yes or no")
      }
    }
  }

  private func line(_ prompt: String) throws -> String {
    try StandardStream.error.write(prompt)
    guard let line = readLine() else {
      throw Failure(.interrupted, "no answer: nothing was written")
    }
    return line.trimmingSpaces
  }
}
