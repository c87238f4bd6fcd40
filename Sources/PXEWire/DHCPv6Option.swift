import Addresses

/// One DHCPv6 option as it stands in a message (RFC 8415 section 21.1).
package struct DHCPv6Option: Hashable, Sendable {
  /// The option's code.
  package let code: UInt16
  /// The option's bytes.
  package let data: ArraySlice<UInt8>

  /// Reads options up to the end. One that reaches past the end is dropped and reported.
  static func list(in bytes: ArraySlice<UInt8>, error: inout WireError?) -> [DHCPv6Option] {
    var reader = ByteReader(bytes, layer: .dhcpv6)
    var options: [DHCPv6Option] = []
    do throws(WireError) {
      while reader.remaining > 0 {
        let code = try reader.uint16("option code")
        let length = Int(try reader.uint16("length of option \(code)"))
        options.append(
          DHCPv6Option(code: code, data: try reader.slice(length, "option \(code)")))
      }
    } catch let problem {
      error = problem
    }
    return options
  }
}

/// An identity association: addresses that a client uses together, or prefixes that are delegated to it
/// (RFC 8415 sections 21.4, 21.5, 21.21).
package struct DHCPv6IdentityAssociation: Hashable, Sendable {
  /// Whether it is for temporary addresses (IA_TA).
  package let isTemporary: Bool
  /// The identity, chosen by the client.
  package let iaid: UInt32
  /// T1, when to renew, in seconds; 0 for temporary addresses.
  package let renewalTime: UInt32
  /// T2, when to rebind, in seconds; 0 for temporary addresses.
  package let rebindingTime: UInt32
  /// The addresses.
  package let addresses: [Address]
  /// The prefixes, of an association for prefix delegation (IA_PD).
  package let prefixes: [Prefix]
  /// Option 13 inside it.
  package let status: DHCPv6Status?

  /// An address of an identity association (RFC 8415 section 21.6).
  package struct Address: Hashable, Sendable {
    /// The address.
    package let address: IPv6Address
    /// For how many seconds it is preferred.
    package let preferredLifetime: UInt32
    /// For how many seconds it is valid; 0 withdraws it.
    package let validLifetime: UInt32
    /// Option 13 inside it.
    package let status: DHCPv6Status?
  }

  /// A prefix of an identity association (RFC 8415 section 21.22).
  package struct Prefix: Hashable, Sendable {
    /// The prefix's address.
    package let address: IPv6Address
    /// Its length in bits.
    package let length: UInt8
    /// For how many seconds it is preferred.
    package let preferredLifetime: UInt32
    /// For how many seconds it is valid; 0 withdraws it.
    package let validLifetime: UInt32
    /// Option 13 inside it.
    package let status: DHCPv6Status?
  }

  init?(_ option: DHCPv6Option) {
    var reader = ByteReader(option.data, layer: .dhcpv6)
    guard [3, 4, 25].contains(option.code), let iaid = try? reader.uint32("IAID") else {
      return nil
    }
    self.iaid = iaid
    isTemporary = option.code == 4
    if isTemporary {
      renewalTime = 0
      rebindingTime = 0
    } else {
      guard let renewal = try? reader.uint32("T1"), let rebinding = try? reader.uint32("T2")
      else { return nil }
      renewalTime = renewal
      rebindingTime = rebinding
    }
    var ignored: WireError?
    let options = DHCPv6Option.list(in: reader.rest, error: &ignored)
    addresses = options.compactMap(Address.init)
    prefixes = options.compactMap(Prefix.init)
    status = options.lazy.compactMap(DHCPv6Status.init).first
  }
}

extension DHCPv6IdentityAssociation.Address {
  fileprivate init?(_ option: DHCPv6Option) {
    var reader = ByteReader(option.data, layer: .dhcpv6)
    guard option.code == 5, let address = try? reader.ipv6Address("address"),
      let preferred = try? reader.uint32("preferred lifetime"),
      let valid = try? reader.uint32("valid lifetime")
    else { return nil }
    var ignored: WireError?
    let options = DHCPv6Option.list(in: reader.rest, error: &ignored)
    self.init(
      address: address, preferredLifetime: preferred, validLifetime: valid,
      status: options.lazy.compactMap(DHCPv6Status.init).first)
  }
}

extension DHCPv6IdentityAssociation.Prefix {
  fileprivate init?(_ option: DHCPv6Option) {
    var reader = ByteReader(option.data, layer: .dhcpv6)
    guard option.code == 26, let preferred = try? reader.uint32("preferred lifetime"),
      let valid = try? reader.uint32("valid lifetime"),
      let length = try? reader.uint8("prefix length"),
      let address = try? reader.ipv6Address("prefix")
    else { return nil }
    var ignored: WireError?
    let options = DHCPv6Option.list(in: reader.rest, error: &ignored)
    self.init(
      address: address, length: length, preferredLifetime: preferred, validLifetime: valid,
      status: options.lazy.compactMap(DHCPv6Status.init).first)
  }
}

/// Option 13: how a server fared (RFC 8415 section 21.13).
package struct DHCPv6Status: Hashable, Sendable {
  /// The code.
  package let code: DHCPv6StatusCode
  /// The server's words.
  package let message: String

  init?(_ option: DHCPv6Option) {
    var reader = ByteReader(option.data, layer: .dhcpv6)
    guard option.code == 13, let code = try? reader.uint16("status code") else { return nil }
    self.code = DHCPv6StatusCode(rawValue: code)
    message = DHCPMessage.text(reader.rest)
  }
}
