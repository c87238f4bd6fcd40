import DomainXML
import KubeVirt
import Objects

extension DomainConverter {
  private var featuresField: Field { domainField["features"] }

  /// The hypervisor's features (compute/hypervisor_features.go).
  var features: DomainElement {
    var children: [DomainElement] = []
    let acpi = featuresField["acpi"]
    if acpi["enabled"].isOn(default: true) {
      children.append(DomainElement("acpi", origin: origin(acpi, else: "default: on")))
    }
    for name in ["apic", "smm"] {
      let field = featuresField[name]
      guard field["enabled"].isOn(default: false) else { continue }
      children.append(DomainElement(name, origin: origin(field)))
    }
    children += hyperv + hypervisorIdentity
    let spinlock = featuresField["pvspinlock"]
    if spinlock.exists {
      children.append(
        DomainElement("pvspinlock", ["state": state(spinlock)], origin: origin(spinlock)))
    }
    let realtime = domainField["cpu"]["realtime"]
    if realtime.exists, isDedicated {
      children.append(DomainElement("pmu", ["state": "off"], origin: origin(realtime)))
    }
    children.append(
      DomainElement("vmport", ["state": "off"], origin: "KubeVirt: no VMware port"))
    return DomainElement("features", children)
  }

  /// Whether processors of the node are set aside for the machine.
  private var isDedicated: Bool {
    domainField["cpu"]["dedicatedCpuPlacement"].isOn(default: false)
  }

  private func state(_ field: Field) -> String {
    field["enabled"].isOn(default: false) ? "on" : "off"
  }

  private var hypervisorIdentity: [DomainElement] {
    let field = featuresField["kvm"]
    var children: [DomainElement] = []
    if field.exists {
      children.append(
        DomainElement(
          "hidden", ["state": field["hidden"].isOn(default: false) ? "on" : "off"],
          origin: origin(field)))
    }
    if isDedicated {
      children.append(
        DomainElement(
          "hint-dedicated", ["state": "on"],
          origin: origin(domainField["cpu"]["dedicatedCpuPlacement"])))
    }
    return children.isEmpty ? [] : [DomainElement("kvm", children)]
  }

  private var hyperv: [DomainElement] {
    let field = featuresField["hyperv"]
    guard field.exists else {
      let passthrough = featuresField["hypervPassthrough"]
      guard passthrough["enabled"].isOn(default: false) else { return [] }
      return [DomainElement("hyperv", ["mode": "passthrough"], origin: origin(passthrough))]
    }
    var children: [DomainElement] = []
    for (name, element) in Self.enlightenments {
      let feature = field[name]
      guard feature.exists else { continue }
      var enlightenment = DomainElement(
        element, ["state": state(feature)], origin: origin(feature))
      switch name {
      case "spinlocks":
        enlightenment[attribute: "retries"] = feature["spinlocks"].integer.map { "\($0)" }
      case "vendorid": enlightenment[attribute: "value"] = feature["vendorid"].string
      default: break
      }
      for part in ["direct", "extended"] where feature[part].exists {
        enlightenment.children.append(
          DomainElement(part, ["state": state(feature[part])], origin: origin(feature[part])))
      }
      children.append(enlightenment)
    }
    return [DomainElement("hyperv", origin: origin(field), children)]
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
