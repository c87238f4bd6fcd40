import Diagnosis
import PXEWire

extension WireEvent {
  /// Whether it is of IPv6; `nil` where the event does not say.
  var isIPv6: Bool? {
    switch kind {
    case .dhcpDiscover, .dhcpOffer, .dhcpRequest, .dhcpAck, .dhcpNak, .dhcpInform, .dhcpDecline,
      .dhcpRelease, .bootServerRequest, .bootServerAck, .bootpRequest, .bootpReply, .arpUnanswered:
      return false
    case .dhcpv6Solicit, .dhcpv6Advertise, .dhcpv6Request, .dhcpv6Reply,
      .dhcpv6InformationRequest, .dhcpv6Other, .neighborUnanswered:
      return true
    default:
      switch tftp?.server ?? http?.server {
      case .v4: return false
      case .v6: return true
      case nil: return nil
      }
    }
  }

  /// Whether a file is loaded by HTTP, or by TFTP; `nil` of what loads none.
  var isHTTP: Bool? {
    if tftp != nil { return false }
    return http == nil ? nil : true
  }

  /// Whether a client begins with it to ask for something to boot.
  var asksForBoot: Bool { kind == .dhcpDiscover || kind == .dhcpv6Solicit }

  /// The way to boot of a client that asks by DHCP, as OVMF names its entries: `PXEv4`, `HTTPv6`.
  var way: String {
    let vendorClass = dhcp?.vendorClass ?? dhcpv6?.vendorClass ?? ""
    return (vendorClass.hasPrefix("HTTPClient") ? "HTTP" : "PXE") + (isIPv6 == true ? "v6" : "v4")
  }
}
