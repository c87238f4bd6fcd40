import KubeVirt
import Objects

/// What the API server says against a node as a person writes it, each with the way out where the words alone
/// do not say it.
package struct NodeCheck {
  /// Something that is wrong.
  package struct Finding: Hashable, Sendable {
    /// The path in the node's manifest.
    package var place: String
    /// What is wrong.
    package var message: String
  }

  /// What is wrong: the first value of a wrong type, and all that the rules refuse besides.
  package private(set) var findings: [Finding] = []

  /// Checks a node.
  package init(_ object: ObjectNode) {
    if let finding = StrictDecoding(object, as: "Node").typeError {
      findings = [
        Finding(place: finding.place, message: finding.message + Self.wayOut(finding.message))
      ]
    }
    do throws(Refusal) {
      _ = try NodeAdmission.admitDecoded(object.canonical)
    } catch {
      let place = findings.first?.place
      findings += zip(Self.findings(error), error.errors).compactMap { finding, error in
        guard finding.place != place else { return nil }
        // Its place is said beside it.
        return Finding(
          place: finding.place, message: String(error.text.dropFirst("\(error.path): ".count)))
      }
    }
  }

  /// What a refusal says of fields, in their places in a manifest.
  static func findings(_ refusal: Refusal) -> [Finding] {
    refusal.errors.map { error in
      // The API server has taints in metadata.
      Finding(
        place: error.path.replacing("metadata.taints", with: "spec.taints"), message: error.text)
    }
  }

  /// What to write where a value has the wrong type.
  static func wayOut(_ message: String) -> String {
    if message.hasPrefix("quantities must") || message.hasPrefix("unable to parse") {
      return "; write a number with a suffix, such as 500m, 4Gi or 1k"
    }
    return message.hasSuffix("of type string") ? "; write it in quotes" : ""
  }
}
