import Addresses
import Foundation

/// `ip -details -json address show` (iproute2, ip-link(8), ip-address(8)).
struct DeviceTable: Decodable {
  struct Device: Decodable {
    struct Link: Decodable {
      struct Bridge: Decodable {
        var vlanFiltering: Int?
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
      var family: String?
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
  /// The IPv4 addresses, each with its network.
  var addresses: [IPv4Network] {
    (addrInfo ?? []).compactMap { info in
      guard info.family == "inet", let address = info.local.flatMap(IPv4Address.init) else {
        return nil
      }
      return IPv4Network(address: address, prefixLength: info.prefixlen ?? 32)
    }
  }
}
