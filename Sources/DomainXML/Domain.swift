/// A libvirt domain (formatdomain.html): the `<domain>` element, and what is asked of it.
///
/// What the element does not say, or says in another form than libvirt's, is `nil`.
package struct Domain: Hashable, Sendable {
  /// The whole element.
  package var element: XMLElement

  /// Reads what libvirt gives (`virsh dumpxml`) or is given.
  ///
  /// - Throws: `XMLParsingError`.
  package init(parsing text: String) throws(XMLParsingError) {
    element = try XMLElement(parsing: text, root: "domain")
  }

  /// QEMU's machine type: `q35`, `pc-q35-7.2`.
  package var machineType: String? { element.first("os", "type")?[attribute: "machine"] }

  /// Whether only SMM may write the variable store (`<loader secure='yes'>`).
  package var hasSecureLoader: Bool {
    element.first("os", "loader")?[attribute: "secure"] == "yes"
  }

  /// Whether System Management Mode is on, which Secure Boot needs. libvirt leaves it out when it
  /// was not asked for; `<smm/>` without a state means on.
  package var hasSMM: Bool {
    element.first("features", "smm").map { $0[attribute: "state"] != "off" } ?? false
  }

  /// The variable store's path.
  package var variableStore: String? { element.first("os", "nvram")?.text }

  /// Kinds of device to boot from, in order (`<boot dev>`): `hd`, `network`, `cdrom` or `fd`. BIOS
  /// reads them, UEFI firmware does not.
  package var bootKinds: [String] {
    element.first("os")?.all("boot").compactMap { $0[attribute: "dev"] } ?? []
  }

  /// Whether the BIOS writes to the serial console.
  package var hasBIOSConsole: Bool {
    element.first("os", "bios")?[attribute: "useserial"] == "yes"
  }

  /// The CPU that the guest sees.
  package var processor: Processor? { element.first("cpu").map(Processor.init) }

  /// A guest's CPU (`<cpu>`).
  package struct Processor: Hashable, Sendable {
    let element: XMLElement

    /// `custom`, `host-model`, `host-passthrough` or `maximum`.
    package var mode: String? { element[attribute: "mode"] }

    /// The model of mode `custom`.
    package var model: String? { element.first("model")?.text }

    /// What is done about a feature: `force`, `require`, `optional`, `disable` or `forbid`; `nil`
    /// where the model alone decides.
    package func policy(ofFeature name: String) -> String? {
      element.all("feature").first { $0[attribute: "name"] == name }
        .map { $0[attribute: "policy"] ?? "require" }
    }
  }
}
