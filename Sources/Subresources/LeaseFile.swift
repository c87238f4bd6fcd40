import Addresses

/// What a dnsmasq writes of its leases (dnsmasq(8), `--dhcp-leasefile`): each line has the end of a lease, in
/// seconds of Unix time or 0 for ever, who has it, and the address.
enum LeaseFile {
  /// The address that an interface has by its newest lease, which is the one that ends last; `nil` when
  /// each has ended. The order of the lines says nothing: new leases stand in front.
  ///
  /// - Parameter now: seconds of Unix time.
  static func address(of mac: MACAddress, in text: String, at now: Int) -> IPv4Address? {
    var newest: (end: Int, address: IPv4Address)?
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count >= 3, let said = Int(fields[0]), MACAddress(String(fields[1])) == mac,
        let address = IPv4Address(String(fields[2]))
      else { continue }
      let end = said == 0 ? Int.max : said
      guard end > now, newest.map({ $0.end < end }) ?? true else { continue }
      newest = (end, address)
    }
    return newest?.address
  }
}
