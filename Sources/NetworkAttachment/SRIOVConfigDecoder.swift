import Addresses
import Objects

extension SRIOVConfig {
  /// The plugin's own structure (pkg/types/types.go).
  static let structure = GoStructure(
    name: "NetConf",
    fields: GoStructure.pluginFields + [
      .init(name: "deviceID", type: .string),
      .init(name: "vlan", type: .int),
      .init(name: "vlanQoS", type: .int),
      .init(name: "vlanProto", type: .string),
      .init(name: "mac", type: .string),
      .init(name: "spoofchk", type: .string),
      .init(name: "trust", type: .string),
      .init(name: "link_state", type: .string),
      .init(name: "min_tx_rate", type: .int),
      .init(name: "max_tx_rate", type: .int),
      .init(name: "logLevel", type: .string),
      .init(name: "logFile", type: .string),
      .init(
        name: "runtimeConfig",
        type: .structure(
          GoStructure(name: "", fields: [.init(name: "mac", type: .string)]),
          name: #"struct { Mac string "json:\"mac,omitempty\"" }"#)),
    ])

  /// Reads the plugin's configuration and reports what its `LoadConf` would (pkg/config/config.go).
  init(_ field: Field) {
    GoTypeCheck(release: .newest, prefix: "LoadConf(): failed to load netconf: ")
      .check(field, against: Self.structure)
    self.init(hasIPAM: field["ipam"]["type"].node?.goString?.isEmpty == false)
    readVLAN(field)
    spoofCheck = Self.onOrOff(field["spoofchk"])
    trust = Self.onOrOff(field["trust"])
    if let state = field["link_state"].node?.goString, !state.isEmpty {
      if ["auto", "enable", "disable"].contains(state) {
        linkState = state
      } else {
        field["link_state"].error("LoadConf(): invalid link_state value: \(state)")
      }
    }
    minimumRate = field["min_tx_rate"].node?.goInt
    maximumRate = field["max_tx_rate"].node?.goInt
    if let minimumRate, let maximumRate, maximumRate > 0, minimumRate > maximumRate {
      field["min_tx_rate"].error(
        "min_tx_rate \(minimumRate) is over max_tx_rate \(maximumRate): the card refuses it")
    }
  }

  private mutating func readVLAN(_ field: Field) {
    let number = field["vlan"].node?.goInt
    let quality = field["vlanQoS"].node?.goInt
    let proto = field["vlanProto"].node?.goString
    guard let number else {
      if field["vlan"].exists { return }
      let must = "LoadConf(): vlan id must be configured to set vlan"
      if quality != nil { field["vlanQoS"].error("\(must) QoS to a non-nil value") }
      if proto != nil { field["vlanProto"].error("\(must) proto to a non-nil value") }
      return
    }
    if number != 0 {
      if let raw = UInt16(exactly: number), let id = VLANID(rawValue: raw) {
        vlan = id
      } else {
        field["vlan"].error(
          "LoadConf(): vlan id \(number) invalid: value must be in the range 0-4094")
      }
    }
    let must = "LoadConf(): non-zero vlan id must be configured to set vlan"
    if let quality {
      if (0...7).contains(quality) {
        priority = quality
        if quality != 0, number == 0 {
          field["vlanQoS"].error("\(must) QoS to a non-zero value")
        }
      } else {
        field["vlanQoS"].error(
          "LoadConf(): vlan QoS PCP \(quality) invalid: value must be in the range 0-7")
      }
    }
    guard let proto else { return }
    guard let known = TagProtocol(rawValue: proto.lowercased()) else {
      field["vlanProto"].error(
        "LoadConf(): vlan Proto \(proto.lowercased()) invalid: value must be '802.1Q' or '802.1ad'")
      return
    }
    tagProtocol = known
    if known == .service, number == 0 { field["vlanProto"].error("\(must) proto 802.1ad") }
  }

  private static func onOrOff(_ field: Field) -> Bool? {
    guard let text = field.node?.goString, !text.isEmpty else { return nil }
    switch text {
    case "on": return true
    case "off": return false
    default:
      field.warning(
        "\(text.debugDescription) is neither \"on\" nor \"off\": the plugin takes it for \"off\"")
      return false
    }
  }
}
