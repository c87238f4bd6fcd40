import Addresses
import LabManifest
import Testing

@testable import Planning

@Suite struct BootOfferTests {
  private static func server(_ methods: [BootMethod], iPXE: String? = "boot.ipxe") throws
    -> ServerPlan
  {
    ServerPlan(
      attachment: "net", image: "i", port: "pxl-s0", vlan: nil,
      address: try #require(IPv4Network("192.168.100.1/24")),
      rangeStart: try #require(IPv4Address("192.168.100.50")),
      rangeEnd: try #require(IPv4Address("192.168.100.99")), leaseSeconds: 600, root: "/r",
      bootFiles: [0: "undionly.kpxe", 7: "shimx64.efi", 16: "shimx64.efi"], iPXEBootFile: iPXE,
      methods: methods, ipv6: IPv6Address("fd00::1").map(ServedIPv6Network.init),
      options: [], directory: "/d")
  }

  private static func text(_ offer: BootOffer) -> String {
    let client =
      switch offer.client {
      case .firmware(let architecture): "\(architecture.rawValue)"
      case .iPXE: "iPXE"
      }
    return "\(offer.isIPv6 ? "v6" : "v4") \(client): \(offer.bootFile)"
  }

  @Test(
    arguments: [
      ([.pxev4], ["v4 0: undionly.kpxe", "v4 7: shimx64.efi", "v4 iPXE: boot.ipxe"]),
      (
        [.httpv4],
        ["v4 16: http://192.168.100.1/shimx64.efi", "v4 iPXE: http://192.168.100.1/boot.ipxe"]
      ),
      (
        [.httpsv4],
        ["v4 16: https://192.168.100.1/shimx64.efi", "v4 iPXE: http://192.168.100.1/boot.ipxe"]
      ),
      (
        [.pxev6],
        [
          "v6 0: tftp://[fd00::1]/undionly.kpxe", "v6 7: tftp://[fd00::1]/shimx64.efi",
          "v4 iPXE: http://192.168.100.1/boot.ipxe", "v6 iPXE: tftp://[fd00::1]/boot.ipxe",
        ]
      ),
      (
        [.httpv6],
        [
          "v6 16: http://[fd00::1]/shimx64.efi", "v4 iPXE: http://192.168.100.1/boot.ipxe",
          "v6 iPXE: http://[fd00::1]/boot.ipxe",
        ]
      ),
      (
        [.httpv4, .httpsv6],
        [
          "v4 16: http://192.168.100.1/shimx64.efi", "v6 16: https://[fd00::1]/shimx64.efi",
          "v4 iPXE: http://192.168.100.1/boot.ipxe", "v6 iPXE: http://[fd00::1]/boot.ipxe",
        ]
      ),
    ] as [([BootMethod], [String])])
  func everyKindOfClientIsTold(_ methods: [BootMethod], offers: [String]) throws {
    #expect(try Self.server(methods).offers.map(Self.text) == offers)
  }

  @Test func withoutAScriptIPXEIsAClientLikeOthers() throws {
    let server = try Self.server([.pxev4], iPXE: nil)
    #expect(server.offers.count == 2)
    #expect(!server.dnsmasqConfiguration.contains("ipxe"))
  }
}
