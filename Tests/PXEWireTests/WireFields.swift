import Addresses

@testable import PXEWire

/// What the decoders say of a message, under tshark's names for its fields: every value of a field,
/// in the message's order.
struct WireFields {
  private(set) var values: [String: [String]] = [:]

  private mutating func add(_ field: String, _ value: String) {
    values[field, default: []].append(value)
  }

  private mutating func add(_ field: String, _ value: some CustomStringConvertible) {
    add(field, value.description)
  }

  static func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { hex($0, 2) }.joined()
  }

  private static func hex(_ value: some BinaryInteger, _ digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  init(_ message: DHCPMessage) {
    add("dhcp.type", message.operation)
    add("dhcp.hw.type", "0x" + Self.hex(message.hardwareType, 2))
    add("dhcp.hops", message.hops)
    add("dhcp.id", "0x" + Self.hex(message.xid, 8))
    add("dhcp.secs", message.secondsElapsed)
    add("dhcp.flags", "0x" + Self.hex(message.flags, 4))
    add("dhcp.flags.bc", message.isBroadcast ? "1" : "0")
    add("dhcp.ip.client", message.clientAddress)
    add("dhcp.ip.your", message.yourAddress)
    add("dhcp.ip.server", message.nextServer)
    add("dhcp.ip.relay", message.relayAddress)
    if let mac = message.clientMAC { add("dhcp.hw.mac_addr", mac) }
    if !message.serverName.isEmpty { add("dhcp.server", message.serverName) }
    if !message.fileField.isEmpty { add("dhcp.file", message.fileField) }
    if message.hasMagicCookie { add("dhcp.cookie", "99.130.83.99") }
    for option in message.options {
      add("dhcp.option.type", option.code)
      add("dhcp.option.length", option.data.count)
      if !option.data.isEmpty { add("dhcp.option.value", Self.hex(option.data)) }
      // Both ways to be identified by what else stands in the message.
      if option.code == 61, option.data.count == 7, option.data.first == 1 {
        add("dhcp.hw.type", "0x01")
        MACAddress(octets: option.data.dropFirst()).map { add("dhcp.hw.mac_addr", $0) }
      }
    }
    addTyped(message)
    addNested(message)
  }

  private mutating func addTyped(_ message: DHCPMessage) {
    message.messageType.map { add("dhcp.option.dhcp", $0.rawValue) }
    message.subnetMask.map { add("dhcp.option.subnet_mask", $0) }
    for router in message.routers ?? [] { add("dhcp.option.router", router) }
    for server in message.domainNameServers ?? [] {
      add("dhcp.option.domain_name_server", server)
    }
    message.hostName.map { add("dhcp.option.hostname", $0) }
    message.requestedAddress.map { add("dhcp.option.requested_ip_address", $0) }
    message.leaseTime.map { add("dhcp.option.ip_address_lease_time", $0) }
    message.serverIdentifier.map { add("dhcp.option.dhcp_server_id", $0) }
    for code in message.parameterRequestList ?? [] { add("dhcp.option.request_list_item", code) }
    message.message.map { add("dhcp.option.message", $0) }
    message.maximumMessageSize.map { add("dhcp.option.dhcp_max_message_size", $0) }
    message.renewalTime.map { add("dhcp.option.renewal_time_value", $0) }
    message.rebindingTime.map { add("dhcp.option.rebinding_time_value", $0) }
    message.vendorClass.map { add("dhcp.option.vendor_class_id", $0) }
    message.tftpServerName.map { add("dhcp.option.tftp_server_name", $0) }
    message.bootFileOption.map { add("dhcp.option.bootfile_name", $0) }
    for architecture in message.clientArchitectures ?? [] {
      add("dhcp.option.client_system_architecture", architecture.rawValue)
    }
    message.clientInterface.map {
      add("dhcp.client_network_id_major", $0.major)
      add("dhcp.client_network_id_minor", $0.minor)
    }
    message.clientMachineUUID.map { add("dhcp.client_id.uuid", $0) }
    for userClass in message.userClasses ?? [] { add("user class", userClass) }
    message.data(of: 52).flatMap(\.first).map { add("dhcp.option.option_overload", $0) }
  }

  private mutating func addNested(_ message: DHCPMessage) {
    for option in message.relayAgentInformation ?? [] {
      add("dhcp.option.agent_information_option.suboption", option.code)
      add("dhcp.option.agent_information_option.value", Self.hex(option.data))
    }
    guard let pxe = message.pxeOptions else { return }
    let prefix = "dhcp.option.vendor.pxeclient"
    for option in pxe.subOptions {
      add("\(prefix).suboption", option.code)
      if !option.data.isEmpty { add("dhcp.option.vendor.value", Self.hex(option.data)) }
    }
    pxe.discoveryControl.map { add("\(prefix).discovery_control", "0x" + Self.hex($0, 2)) }
    for server in pxe.bootServers {
      add("\(prefix).boot_servers.type", server.type)
      add("\(prefix).boot_servers.count", server.addresses.count)
      for address in server.addresses { add("\(prefix).boot_servers.ip", address) }
    }
    for item in pxe.bootMenu {
      add("\(prefix).boot_menu.type", item.type)
      add("\(prefix).boot_menu.desc", item.description)
    }
    if let prompt = pxe.menuPrompt {
      add("\(prefix).menu_prompt.timeout", prompt.timeout)
      add("\(prefix).menu_prompt.prompt", prompt.text)
    }
    pxe.bootItem.map { add("\(prefix).boot_item.type", $0.type) }
  }

  init(_ message: DHCPv6Message) {
    add(message)
  }

  private mutating func add(_ message: DHCPv6Message) {
    add("dhcpv6.msgtype", message.type.rawValue)
    message.transactionID.map { add("dhcpv6.xid", "0x" + Self.hex($0, 6)) }
    message.relay.map {
      add("dhcpv6.hopcount", $0.hopCount)
      add("dhcpv6.linkaddr", $0.linkAddress)
      add("dhcpv6.peeraddr", $0.peerAddress)
    }
    for code in message.requestedOptions ?? [] { add("dhcpv6.requested_option_code", code) }
    message.preference.map { add("dhcpv6.option_preference", $0) }
    // tshark shows milliseconds.
    message.elapsedTime.map { add("dhcpv6.elapsed_time", Int($0) * 10) }
    for userClass in message.userClasses ?? [] {
      add("dhcpv6.userclass.opaque_data", Self.hex(Array(userClass.utf8)))
    }
    message.vendorClass.map {
      add("dhcpv6.vendorclass.enterprise", $0.enterprise)
      for text in $0.classes { add("dhcpv6.vendorclass.data", text) }
    }
    message.vendorOptions.map {
      add("dhcpv6.vendoropts.enterprise", $0.enterprise)
      for option in $0.options { add("dhcpv6.vendoropts.enterprise.option_code", option.code) }
    }
    for address in message.domainNameServers ?? [] { add("dhcpv6.dns_server", address) }
    message.interfaceID.map { add("dhcpv6.interface_id", Self.hex($0)) }
    for option in message.options { add(option, of: message) }
  }

  /// An option with what stands inside it, as tshark lists them.
  private mutating func add(_ option: DHCPv6Option, of message: DHCPv6Message) {
    add("dhcpv6.option.type", option.code)
    add("dhcpv6.option.length", option.data.count)
    switch option.code {
    case 1, 2:
      let identifier = DHCPUniqueIdentifier(option.data)
      add("dhcpv6.duid.bytes", Self.hex(identifier.bytes))
      let field = identifier.type == 1 ? "dhcpv6.duidllt" : "dhcpv6.duidll"
      identifier.mac.map { add("\(field).link_layer_addr", $0) }
    case 3, 4, 25:
      guard let association = DHCPv6IdentityAssociation(option) else { return }
      let iaid = Self.hex(association.iaid, 8)
      add(association.isTemporary ? "dhcpv6.iata" : "dhcpv6.iaid", iaid)
      if !association.isTemporary {
        add("dhcpv6.iaid.t1", association.renewalTime)
        add("dhcpv6.iaid.t2", association.rebindingTime)
      }
      addInner(option.data.dropFirst(association.isTemporary ? 4 : 12), of: message)
      for address in association.addresses {
        add("dhcpv6.iaaddr.ip", address.address)
        add("dhcpv6.iaaddr.pref_lifetime", address.preferredLifetime)
        add("dhcpv6.iaaddr.valid_lifetime", address.validLifetime)
      }
      for prefix in association.prefixes {
        add("dhcpv6.iaprefix.pref_addr", prefix.address)
        add("dhcpv6.iaprefix.pref_len", prefix.length)
        add("dhcpv6.iaprefix.pref_lifetime", prefix.preferredLifetime)
        add("dhcpv6.iaprefix.valid_lifetime", prefix.validLifetime)
      }
    case 5:
      addInner(option.data.dropFirst(24), of: message)
    case 26:
      addInner(option.data.dropFirst(25), of: message)
    case 9:
      (try? DHCPv6Message(decoding: option.data)).map { add($0) }
    case 13:
      guard let status = DHCPv6Status(option) else { return }
      add("dhcpv6.status_code", status.code.rawValue)
      if !status.message.isEmpty { add("dhcpv6.status_msg", status.message) }
    default:
      break
    }
  }

  private mutating func addInner(_ bytes: ArraySlice<UInt8>, of message: DHCPv6Message) {
    var ignored: WireError?
    for option in DHCPv6Option.list(in: bytes, error: &ignored) { add(option, of: message) }
  }

  init(_ message: TFTPMessage) {
    switch message {
    case .readRequest(let request):
      add("tftp.opcode", 1)
      add("tftp.source_file", request.file)
      add("tftp.type", request.mode)
      add(request.options)
    case .writeRequest(let request):
      add("tftp.opcode", 2)
      add("tftp.destination_file", request.file)
      add("tftp.type", request.mode)
      add(request.options)
    case .data(let block, let count):
      add("tftp.opcode", 3)
      add("tftp.block", block)
      add("data bytes", count)
    case .acknowledgment(let block):
      add("tftp.opcode", 4)
      add("tftp.block", block)
    case .error(let code, let message):
      add("tftp.opcode", 5)
      add("tftp.error.code", code.rawValue)
      if !message.isEmpty { add("tftp.error.message", message) }
    case .optionAcknowledgment(let options):
      add("tftp.opcode", 6)
      add(options)
    }
  }

  private mutating func add(_ options: TFTPOptions) {
    for pair in options.pairs {
      add("tftp.option.name", pair.name)
      add("tftp.option.value", pair.value)
    }
  }
}
