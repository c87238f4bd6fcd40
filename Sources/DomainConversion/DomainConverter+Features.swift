import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  private var featuresField: Field { domainField["features"] }

  /// The hypervisor's features (compute/hypervisor_features.go).
  var features: XMLElement {
    var children: [XMLElement] = []
    let acpi = featuresField["acpi"]
    if acpi["enabled"].isOn(default: true) {
      children.append(XMLElement("acpi", origin: origin(acpi, else: "default: on")))
    }
    for name in ["apic", "smm"] {
      let field = featuresField[name]
      guard field["enabled"].isOn(default: false) else { continue }
      children.append(XMLElement(name, origin: origin(field)))
    }
    children += hyperv + hypervisorIdentity
    let spinlock = featuresField["pvspinlock"]
    if spinlock.exists {
      children.append(
        XMLElement("pvspinlock", ["state": state(spinlock)], origin: origin(spinlock)))
    }
    let realtime = domainField["cpu"]["realtime"]
    if realtime.exists, isDedicated {
      children.append(XMLElement("pmu", ["state": "off"], origin: origin(realtime)))
    }
    children.append(
      XMLElement("vmport", ["state": "off"], origin: "KubeVirt: no VMware port"))
    return XMLElement("features", children)
  }

  /// Whether processors of the node are set aside for the machine.
  private var isDedicated: Bool {
    domainField["cpu"]["dedicatedCpuPlacement"].isOn(default: false)
  }

  private func state(_ field: Field) -> String {
    field["enabled"].isOn(default: false) ? "on" : "off"
  }

  private var hypervisorIdentity: [XMLElement] {
    let field = featuresField["kvm"]
    var children: [XMLElement] = []
    if field.exists {
      children.append(
        XMLElement(
          "hidden", ["state": field["hidden"].isOn(default: false) ? "on" : "off"],
          origin: origin(field)))
    }
    if isDedicated {
      children.append(
        XMLElement(
          "hint-dedicated", ["state": "on"],
          origin: origin(domainField["cpu"]["dedicatedCpuPlacement"])))
    }
    return children.isEmpty ? [] : [XMLElement("kvm", children)]
  }

  private var hyperv: [XMLElement] {
    let field = featuresField["hyperv"]
    guard field.exists else {
      let passthrough = featuresField["hypervPassthrough"]
      guard passthrough["enabled"].isOn(default: false) else { return [] }
      return [XMLElement("hyperv", ["mode": "passthrough"], origin: origin(passthrough))]
    }
    var children: [XMLElement] = []
    for (name, element) in Self.enlightenments {
      let feature = field[name]
      guard feature.exists else { continue }
      var enlightenment = XMLElement(
        element, ["state": state(feature)], origin: origin(feature))
      switch name {
      case "spinlocks":
        enlightenment[attribute: "retries"] = feature["spinlocks"].integer.map { "\($0)" }
      case "vendorid": enlightenment[attribute: "value"] = feature["vendorid"].string
      default: break
      }
      for part in ["direct", "extended"] where feature[part].exists {
        enlightenment.children.append(
          XMLElement(part, ["state": state(feature[part])], origin: origin(feature[part])))
      }
      children.append(enlightenment)
    }
    return [XMLElement("hyperv", origin: origin(field), children)]
  }

  /// The API's names and libvirt's.
  private static let enlightenments = [
    ("relaxed", "relaxed"), ("vapic", "vapic"), ("spinlocks", "spinlocks"),
    ("vpindex", "vpindex"), ("runtime", "runtime"), ("synic", "synic"), ("synictimer", "stimer"),
    ("reset", "reset"), ("vendorid", "vendor_id"), ("frequencies", "frequencies"),
    ("reenlightenment", "reenlightenment"), ("tlbflush", "tlbflush"), ("ipi", "ipi"),
    ("evmcs", "evmcs"),
  ]
}
