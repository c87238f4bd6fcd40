/// The processors that a hypervisor gives to guests on this machine, as libvirt's domain
/// capabilities have them (libvirt, formatdomaincaps.html, "CPU configuration").
package struct ProcessorCapabilities: Hashable, Sendable {
  /// Whether a named model can be run.
  package enum Usability: String, Hashable, Sendable {
    /// It can.
    case yes
    /// It cannot.
    case no
    /// libvirt does not say.
    case unknown
  }

  /// The named models, by name.
  package var models: [String: Usability] = [:]
  /// What `host-model` stands for, as a `<cpu>` element; `nil` where there is none.
  package var hostModel: XMLElement?
  /// The enlightenments for Windows guests, by libvirt's names.
  package var enlightenments: [String] = []
  /// Whether guests' memory can be encrypted (AMD SEV).
  package var hasSEV = false
  /// How many guests can have their registers encrypted too (AMD SEV-ES).
  package var guestsOfSEVES = 0

  /// Parses `<domainCapabilities>`.
  ///
  /// - Throws: `XMLParsingError`.
  package init(parsing text: String) throws(XMLParsingError) {
    let capabilities = try XMLElement(parsing: text, root: "domainCapabilities")
    let modes = capabilities.first("cpu")?.all("mode") ?? []
    for mode in modes where mode[attribute: "supported"] != "no" {
      switch mode[attribute: "name"] {
      case "custom":
        for model in mode.all("model") {
          guard let name = model.text else { continue }
          models[name] = model[attribute: "usable"].flatMap(Usability.init) ?? .unknown
        }
      case "host-model":
        guard let name = mode.first("model")?.text else { continue }
        let vendor = mode.first("vendor")?.text.map { XMLElement("vendor", text: $0) }
        let features = mode.all("feature").map { feature in
          XMLElement(
            "feature",
            [
              "policy": feature[attribute: "policy"] ?? "require",
              "name": feature[attribute: "name"],
            ])
        }
        hostModel = XMLElement(
          "cpu", [XMLElement("model", text: name)] + [vendor].compactMap { $0 } + features)
      default: break
      }
    }
    let features = capabilities.first("features")
    if let sev = features?.first("sev"), sev[attribute: "supported"] == "yes" {
      hasSEV = true
      guestsOfSEVES = sev.first("maxESGuests")?.text.flatMap { Int($0) } ?? 0
    }
    if let hyperv = features?.first("hyperv"), hyperv[attribute: "supported"] == "yes" {
      enlightenments = hyperv.all("enum").flatMap { $0.all("value") }.compactMap(\.text)
    }
  }

  /// The features that a `<cpu>` element with every feature listed has.
  ///
  /// - Throws: `XMLParsingError`.
  package static func features(ofBaseline text: String) throws(XMLParsingError) -> Set<String> {
    let features = try XMLElement(parsing: text, root: "cpu").all("feature")
    return Set(
      features.filter { $0[attribute: "policy"] ?? "require" == "require" }
        .compactMap { $0[attribute: "name"] })
  }
}
