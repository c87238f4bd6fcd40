import Addresses
import PXEWire

/// Why a client cannot take any of the OFFERs that it was sent, as far as they show it.
struct OfferFault {
  /// What is wrong with them; follows a colon.
  let words: String
  /// What to change.
  let fix: String

  private init(_ words: String, fix: String) {
    self.words = words
    self.fix = fix
  }

  /// What is wrong with all OFFERs of an exchange; `nil` for nothing that they show.
  init?(of exchange: DHCPExchange, to mac: MACAddress) {
    let offers = exchange.heardOffers.filter { !$0.isProxy }
    guard let offer = offers.last else { return nil }
    let all = { (isFault: (DHCPExchange.Reply) -> Bool) in offers.allSatisfy(isFault) }
    let ports = Set(exchange.clientMessages.filter { $0.relay == nil }.map(\.sender.port) + [68])
    if all({ $0.serverIdentifier == nil || $0.serverIdentifier == .any }) {
      self.init(
        offer.serverIdentifier == nil
          ? "it has no option 54 (server identifier)"
          : "its server identifier (option 54) is 0.0.0.0",
        fix:
          "Let the server put its address into option 54: without it a client cannot say whose OFFER "
          + "it takes (RFC 2131 section 4.3.1).")
    } else if all({ !ports.contains($0.destinationPort) }) {
      self.init(
        "it goes to UDP port \(offer.destinationPort) and not to 68, where the client listens",
        fix:
          "Let the server send its answers to UDP port 68 of a client, and to 67 of relay agents only "
          + "(RFC 2131 section 4.1); look for a NAT or a relay agent that changes the port.")
    } else if all({ $0.sourcePort != 67 }) {
      self.init(
        "it comes from UDP port \(offer.sourcePort) and not from 67",
        fix:
          "Let the server send from UDP port 67 (RFC 2131 section 4.1); look for a NAT between server "
          + "and client that changes the port.")
    } else if all({ !$0.destinationMAC.isMulticast && $0.destinationMAC != mac }) {
      self.init(
        "its frame goes to \(offer.destinationMAC) and not to the client's MAC address",
        fix:
          "Let the server send to the MAC address in chaddr, or broadcast (RFC 2131 section 4.1): an old "
          + "ARP entry for \(offer.destination) may lead it astray.")
    } else if exchange.asksForBroadcast, all({ $0.destination != .broadcast }) {
      self.init(
        "it is sent to \(offer.destination) alone although the client asks for broadcast (the "
          + "broadcast flag)",
        fix:
          "Let the server, or the relay agent, obey the broadcast flag (RFC 2131 section 4.1): a client "
          + "that sets it hears nothing sent to an address that it does not have yet.")
    } else if all({ $0.destination != .broadcast && $0.destination != $0.address }) {
      self.init(
        "it is sent to \(offer.destination), which is neither the address that it offers nor "
          + "255.255.255.255",
        fix:
          "Let the server send to the address that it offers or to 255.255.255.255 (RFC 2131 section "
          + "4.1).")
    } else if all({ $0.address == nil }) {
      self.init(
        "it offers no address (yiaddr is 0.0.0.0)",
        fix:
          "Let the server offer an address; one that gives only boot files has to say PXEClient in "
          + "option 60.")
    } else {
      return nil
    }
  }
}
