/// What libvirt says of a host (libvirt, formatcaps.html).
package struct HostCapabilities: Hashable, Sendable {
  /// The processor's time stamp counter.
  package struct TimeStampCounter: Hashable, Sendable {
    /// Its frequency in Hz, as it is written.
    package var frequency: String
    /// Whether guests can have one of another frequency.
    package var isScalable: Bool
  }

  /// The machine types of each architecture's emulator.
  package var machineTypes: [String: [String]] = [:]
  /// The counter; `nil` where libvirt does not say.
  package var timeStampCounter: TimeStampCounter?

  /// Parses `<capabilities>`.
  ///
  /// - Throws: `XMLParsingError`.
  package init(parsing text: String) throws(XMLParsingError) {
    let capabilities = try XMLElement(parsing: text, root: "capabilities")
    for guest in capabilities.all("guest") {
      for architecture in guest.all("arch") {
        guard let name = architecture[attribute: "name"] else { continue }
        machineTypes[name, default: []] += architecture.all("machine").compactMap(\.text)
      }
    }
    let counters = capabilities.first("host", "cpu")?.all("counter") ?? []
    guard let counter = counters.first(where: { $0[attribute: "name"] == "tsc" }),
      let frequency = counter[attribute: "frequency"]
    else { return }
    timeStampCounter = TimeStampCounter(
      frequency: frequency, isScalable: counter[attribute: "scaling"] == "yes")
  }
}
