import FoundationEssentials
import KubeVirt
import Objects

/// What the machines of a folder refer to, beside network attachments.
package struct LabObjects: Hashable, Sendable {
  /// The sizes of the PersistentVolumeClaims, in bytes; `nil` for one that asks for none.
  package internal(set) var claims: [ObjectKey: Int64?] = [:]
  /// The DataVolumes, those of the machines' templates among them.
  package internal(set) var dataVolumes: [ObjectKey: DataVolume] = [:]
  /// The Secrets' values by key, decoded.
  package internal(set) var secrets: [ObjectKey: [String: Data]] = [:]
  /// The ConfigMaps' values by key, decoded.
  package internal(set) var configMaps: [ObjectKey: [String: Data]] = [:]

  /// Reads a document of one of these kinds.
  ///
  /// - Returns: whether it is one.
  mutating func read(_ document: ManifestDocument, log: ProblemLog) -> Bool {
    guard !document.apiVersion.isEmpty else { return false }
    func key(_ resource: GroupResource) -> ObjectKey {
      ObjectKey(resource, namespace: document.namespace, name: document.name)
    }
    let root = document.fields(log)
    switch (document.group, document.kind) {
    case ("", "PersistentVolumeClaim"):
      claims[key(.persistentVolumeClaims)] = .some(
        root["spec"]["resources"]["requests"]["storage"].amount?.value)
    case ("cdi.kubevirt.io", "DataVolume"):
      dataVolumes[key(.dataVolumes)] = DataVolume(root)
    case ("", "Secret"):
      secrets[key(.secrets)] = root["data"].decoded.merging(root["stringData"].plain) { $1 }
    case ("", "ConfigMap"):
      configMaps[key(.configMaps)] = root["binaryData"].decoded.merging(root["data"].plain) { $1 }
    default: return false
    }
    if document.name.isEmpty { root["metadata"]["name"].error("Required value: name is required") }
    return true
  }

  /// Takes in the DataVolumes that a machine brings with it.
  mutating func readTemplates(of machine: Machine) {
    for template in machine.dataVolumeTemplates {
      let key = ObjectKey(.dataVolumes, namespace: machine.namespace, name: template.name)
      dataVolumes[key] = dataVolumes[key] ?? template
    }
  }
}

extension Field {
  /// A quantity, reported in Kubernetes' words when it is none.
  var amount: Quantity? {
    guard let text = stringOrNumber else { return nil }
    if let quantity = Quantity(text) { return quantity }
    error(Quantity.syntaxMessage)
    return nil
  }

  /// Texts by key, as bytes.
  fileprivate var plain: [String: Data] { strings.mapValues { Data($0.utf8) } }

  /// Base64 by key, decoded (RFC 4648 section 4); what is none is reported and left out.
  fileprivate var decoded: [String: Data] {
    var result: [String: Data] = [:]
    for (key, field) in entries {
      guard let text = field.string else { continue }
      if let data = Data(base64Encoded: text.filter { !$0.isWhitespace }) {
        result[key] = data
      } else {
        field.error("\(field.path) is not valid base64 encoded data")
      }
    }
    return result
  }
}
