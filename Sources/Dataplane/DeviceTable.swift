import Addresses
import FoundationEssentials

/// `ip -details -json address show` (iproute2, ip-link(8), ip-address(8)).
struct DeviceTable: Decodable {
  struct Device: Decodable {
    struct Link: Decodable {
      struct Bridge: Decodable {
        var vlanFiltering: Int?
        var stpState: Int?
        /// In hundredths of a second.
        var forwardDelay: Int?
      }
      struct Port: Decodable {
        var hairpin: Bool?
        var isolated: Bool?
      }
      var infoData: Bridge?
      var infoSlaveKind: String?
      var infoSlaveData: Port?
    }
    struct Address: Decodable {
      var scope: String?
      var local: String?
      var prefixlen: Int?
    }
    var ifname: String?
    var mtu: Int?
    var flags: [String]?
    var linkinfo: Link?
    var addrInfo: [Address]?
  }

  private(set) var devices: [String: Device] = [:]

  init(json: String) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      for device in try decoder.decode([Device].self, from: Data(json.utf8)) {
        if let name = device.ifname { devices[name] = device }
      }
    } catch {
      throw PortTableError(
        description: "`ip -details -json address show` printed something else: \(error)")
    }
  }
}

extension DeviceTable.Device {
  /// The addresses, each with its network, but for those that the kernel gives every device.
  var addresses: [IPNetwork] {
    (addrInfo ?? []).compactMap { info in
      guard info.scope != "link", let address = info.local.flatMap(IPAddress.init) else {
        return nil
      }
      return IPNetwork(address: address, prefixLength: info.prefixlen ?? address.bitWidth)
    }
  }
}
