import Objects

/// A HyperConverged as a cluster takes it in: pruned, converted to v1beta1, with the defaults of the CRD
/// and of the mutating webhook, and judged by the CRD and by the validating webhook, in their order
/// (hyperconverged-cluster-operator 1.13, pkg/webhooks).
package struct HyperConvergedObject: Sendable {
  /// The object as it is stored: v1beta1.
  package let stored: ObjectNode
  /// The paths of fields that the API does not know, in the version that was sent.
  package let unknownFields: [String]
  private let isUnreadable: Bool
  private let mistyped: [PrunedFields.Mistyped]

  /// Why a cluster does not take it.
  package enum Refusal: Error, Equatable, Sendable {
    /// The mutating webhook cannot decode it.
    case undecodable
    /// The CRD refuses the value of a field.
    case unsupported(field: String, value: String, supported: [String])
    /// The validating webhook denies it.
    case denied(String)
    /// Values have other types than their fields.
    case mistyped([PrunedFields.Mistyped])
  }

  /// The name of the only one that is reconciled.
  package static let name = "kubevirt-hyperconverged"
  /// The namespaces in which the operator is: OpenShift's, and the project's own.
  package static let namespaces = ["openshift-cnv", "kubevirt-hyperconverged"]

  /// An object as it is sent.
  ///
  /// - Parameter workers: how many nodes there are for machines. With two or more they are evicted by
  ///   live migration where nothing else is said; with none that is not known yet.
  package init(_ object: ObjectNode, workers: Int) {
    var object = object
    let isV1 = object["apiVersion"]?.string == HyperConvergedConversion.versions[1]
    let pruned = PrunedFields(
      object["spec"] ?? [:], .object(HyperConvergedFields.spec(isV1: isV1)), path: "spec")
    object["spec"] = pruned.node
    object = HyperConvergedConversion.converted(object, to: HyperConvergedConversion.versions[0])
    // What is elsewhere in v1 is of the same type.
    let converted = PrunedFields(
      object["spec"] ?? [:], .object(HyperConvergedFields.spec(isV1: false)), path: "spec")
    isUnreadable = pruned.isUnreadable || converted.isUnreadable
    mistyped = pruned.mistyped.isEmpty ? converted.mistyped : pruned.mistyped
    if pruned.node.isMapping || pruned.node.isNull {
      object["spec"] = HyperConvergedDefaults.filled(pruned.node.isNull ? nil : object["spec"])
      if workers > 0, object["spec", "evictionStrategy"]?.string == nil {
        object["spec", "evictionStrategy"] = workers > 1 ? "LiveMigrate" : "None"
      }
    }
    stored = object
    unknownFields = pruned.unknown
  }

  /// Whether the API takes it.
  ///
  /// - Throws: ``Refusal``, the first in a cluster's order.
  package func check() throws(Refusal) {
    guard mistyped.isEmpty else { throw .mistyped(mistyped) }
    guard !isUnreadable else { throw .undecodable }
    if let policy = stored["spec", "tuningPolicy"]?.string, !policy.isEmpty,
      !TuningPolicy.names.contains(policy)
    {
      throw .unsupported(
        field: "spec.tuningPolicy", value: policy, supported: TuningPolicy.names)
    }
    do {
      if let objection = try CertificateTerms(certConfig: stored["spec", "certConfig"]).objection {
        throw Refusal.denied(objection)
      }
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw .undecodable
    }
    if let objection = Self.objection(toTLS: stored["spec", "tlsSecurityProfile"]) {
      throw .denied(objection)
    }
    if let objection = Self.objection(toDevices: stored["spec", "mediatedDevicesConfiguration"]) {
      throw .denied(objection)
    }
    // The webhook tries what it would write.
    do {
      _ = try TuningPolicy.of(stored)
    } catch {
      throw .denied(error.message)
    }
  }

  /// The feature gates that a cluster drops.
  package var gateWarnings: [String] {
    let gates = (stored["spec", "featureGates"]?.entries ?? []).map(\.key)
    return gates.filter(HyperConvergedFields.isUnknownGate).map { name in
      let near = nearest(to: name, among: HyperConvergedFields.gateNames.sorted())
      return
        "spec.featureGates.\(name): a cluster drops it: a HyperConverged has no such feature gate"
        + (near.map { " (did you mean \($0.debugDescription)?)" } ?? "") + "; a lab does as it says"
    }
  }

  /// What a cluster has against its place, where a lab has nothing.
  package func placeWarnings(_ key: ObjectKey) -> [String] {
    var warnings: [String] = []
    if !Self.namespaces.contains(key.namespace) {
      warnings.append(
        "metadata.namespace: a cluster refuses it: invalid namespace for v1beta1.HyperConverged - "
          + "please use the openshift-cnv namespace")
    }
    if key.name != Self.name {
      warnings.append(
        "metadata.name: no operator looks at it: the one that counts is called \(Self.name)")
    }
    return warnings
  }

  private static func objection(toTLS profile: ObjectNode?) -> String? {
    guard let profile, profile["type"]?.string == "Custom" else { return nil }
    guard let custom = profile["custom"], custom.isMapping else {
      return "missing required field spec.tlsSecurityProfile.custom when type is Custom"
    }
    let versions = ["VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13"]
    let version = custom["minTLSVersion"]?.string ?? ""
    guard versions.contains(version) else {
      return "invalid value for spec.tlsSecurityProfile.custom.minTLSVersion"
    }
    let ciphers = (custom["ciphers"]?.items ?? []).compactMap(\.string)
    if version == versions[3] {
      return ciphers.isEmpty
        ? nil : "custom ciphers cannot be selected when minTLSVersion is VersionTLS13"
    }
    let needed = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"]
    return ciphers.contains(where: needed.contains)
      ? nil
      : "http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher "
        + "(need at least one of \(needed.joined(separator: " or ")))"
  }

  private static func objection(toDevices configuration: ObjectNode?) -> String? {
    let both =
      [configuration].compactMap { $0 } + (configuration?["nodeMediatedDeviceTypes"]?.items ?? [])
    let differs = both.contains { list in
      guard let old = list["mediatedDevicesTypes"]?.items, !old.isEmpty,
        let new = list["mediatedDeviceTypes"]?.items, !new.isEmpty
      else { return false }
      return old.map(\.string) != new.map(\.string)
    }
    return differs
      ? "mediatedDevicesTypes is deprecated, please use mediatedDeviceTypes instead" : nil
  }
}
