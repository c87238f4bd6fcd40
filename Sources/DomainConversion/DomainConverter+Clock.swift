import DomainXML
import Objects

extension DomainConverter {
  /// The clock and its timers, where the manifest has any (compute/clock.go).
  var clock: [XMLElement] {
    let field = domainField["clock"]
    guard field.exists else { return [] }
    var clock = XMLElement("clock", origin: origin(field))
    if field["utc"].exists {
      let seconds = field["utc"]["offsetSeconds"]
      clock[attribute: "offset"] = "utc"
      clock[attribute: "adjustment"] = seconds.integer.map { "\($0)" } ?? "reset"
    } else if let zone = field["timezone"].string {
      clock[attribute: "offset"] = "timezone"
      clock[attribute: "timezone"] = nonEmpty(zone)
    }
    let names = [
      ("rtc", "rtc"), ("pit", "pit"), ("kvm", "kvmclock"), ("hpet", "hpet"),
      ("hyperv", "hypervclock"),
    ]
    for (name, timer) in names {
      let source = field["timer"][name]
      guard source.exists else { continue }
      clock.children.append(
        XMLElement(
          "timer",
          [
            "name": timer, "tickpolicy": source["tickPolicy"].string.flatMap(nonEmpty),
            "present": source["present"].isOn(default: false) ? "yes" : "no",
            "track": name == "rtc" ? source["track"].string.flatMap(nonEmpty) : nil,
          ], origin: origin(source)))
    }
    return [clock]
  }
}
