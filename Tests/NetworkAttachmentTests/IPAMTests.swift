import Addresses
import NetworkAttachment
import Objects
import Testing

/// What the `host-local` and `static` plugins make of their configurations, and say.
@Suite struct IPAMTests {
  private static func review(_ fields: String) throws -> NetworkAttachmentReview {
    let text =
      #"{"cniVersion": "0.3.1", "name": "n", "type": "bridge", "bridge": "br1", \#(fields)}"#
    return try #require(NetworkAttachmentReview(path: "n.conf", text: text, plugins: .newest))
  }

  @Test(arguments: [
    (#""type": "host-local", "subnet": "10.1.0.0/24""#, ["10.1.0.2/24", "10.1.0.3/24"]),
    (
      #""type": "host-local", "ranges": [[{"subnet": "10.1.0.0/29", "rangeEnd": "10.1.0.2"}, "#
        + #"{"subnet": "10.2.0.0/24"}], [{"subnet": "fd00:1::/64"}]]"#,
      ["10.1.0.2/29 fd00:1::2/64", "10.2.0.2/24 fd00:1::3/64"]
    ),
    (
      #""type": "static", "addresses": [{"address": "10.3.0.5/24"}, {"address": "fd00::5/64"}]"#,
      ["10.3.0.5/24 fd00::5/64", "10.3.0.5/24 fd00::5/64"]
    ),
  ])
  func addresses(_ ipam: String, _ expected: [String]) throws {
    let review = try Self.review(#""ipam": {\#(ipam)}"#)
    #expect(!review.problems.contains { $0.severity == .error }, "\(review.problems)")
    guard case .bridge(let bridge)? = review.attachment?.config else {
      Issue.record("no bridge")
      return
    }
    for (index, text) in expected.enumerated() {
      let given = try #require(bridge.ipam?.addresses(ofPort: index))
      #expect(given.map { "\($0.address)" }.joined(separator: " ") == text)
    }
  }

  @Test(arguments: [
    (#""type": "host-local""#, "no IP ranges specified"),
    (#""type": "host-local", "ranges": [[]]"#, "invalid range set 0: empty range set"),
    (#""type": "host-local", "subnet": "10.1.0.0/33""#, "invalid CIDR address: 10.1.0.0/33"),
    (
      #""type": "host-local", "subnet": "fd00::/127""#,
      "invalid range set 0: Network fd00::/127 too small to allocate from"
    ),
    (
      #""type": "host-local", "subnet": "10.1.0.0/24", "rangeStart": "10.1.0.9", "#
        + #""rangeEnd": "10.1.0.7""#,
      "invalid range set 0: RangeEnd 10.1.0.7 not in network 10.1.0.0/24"
    ),
    (
      #""type": "host-local", "ranges": [[{"subnet": "10.1.0.0/24"}, {"subnet": "fd00::/64"}]]"#,
      "invalid range set 0: mixed address families"
    ),
    (
      #""type": "host-local", "ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "10.1.0.0/16"}]]"#,
      "range set 0 overlaps with 1"
    ),
    (
      #""type": "static", "addresses": [{"address": "10.1.0.7"}]"#,
      "the 'address' field is expected to be in CIDR notation, got: '10.1.0.7'"
    ),
    (
      #""type": "host-local", "subnet": "10.1.0.0/24", "routes": [{"dst": "z"}]"#,
      "invalid CIDR address: z"
    ),
    (
      #""type": "host-local", "subnet": 7"#,
      "json: cannot unmarshal number into Go struct field IPAMConfig.ipam.Range.subnet of type string"
    ),
    (
      #""type": "host-local", "ranges": [[{"subnet": 7}]]"#,
      "json: cannot unmarshal number into Go struct field Range.ipam.ranges.subnet of type string"
    ),
    (
      #""type": "host-local", "ranges": [{}]"#,
      "json: cannot unmarshal object into Go struct field IPAMConfig.ipam.ranges of type "
        + "allocator.RangeSet"
    ),
    (
      #""type": "host-local", "ranges": [[{"subnet": "10.1.0.0/24", "gateway": 7}]]"#,
      "json: cannot unmarshal number into Go struct field Range.ipam.ranges.gateway of type net.IP"
    ),
    (
      #""type": "host-local", "subnet": "10.1.0.0/24", "routes": [{"dst": 7}]"#,
      "json: cannot unmarshal number into Go struct field IPAMConfig.ipam.routes.dst of type string"
    ),
    (
      #""type": "host-local", "subnet": "10.1.0.0/24", "routes": [7]"#,
      "json: cannot unmarshal number into Go struct field IPAMConfig.ipam.routes of type types.route"
    ),
    (#""type": "host-local", "subnet": null"#, "invalid CIDR address: "),
    (
      #""type": "static", "addresses": [{"address": 7}]"#,
      "json: cannot unmarshal number into Go struct field Address.ipam.addresses.address of type "
        + "string"
    ),
    (
      #""type": "static", "addresses": [{"address": "10.3.0.5/24"}, {"address": "10.3.0.5/24"}]"#,
      #"failed to add IP addr 10.3.0.5 to "eth0": file exists"#
    ),
    (
      #""type": "static", "addresses": [{"address": "fd00::5/64"}, {"address": "fd00::5/48"}]"#,
      #"failed to add IP addr fd00::5 to "eth0": file exists"#
    ),
  ])
  func refusals(_ ipam: String, _ message: String) throws {
    let errors = try Self.review(#""ipam": {\#(ipam)}"#).problems.filter { $0.severity == .error }
    #expect(errors.contains { $0.message.hasPrefix(message) }, "\(errors)")
  }

  @Test func versionSixNeedsItsMTU() throws {
    func errors(mtu: Int, _ subnet: String) throws -> [String] {
      try Self.review(
        #""mtu": \#(mtu), "ipam": {"type": "host-local", "subnet": "\#(subnet)"}"#
      ).problems.filter { $0.severity == .error }.map(\.message)
    }
    #expect(
      try errors(mtu: 1279, "fd00::/64").first?.hasPrefix(
        #"failed to enable keep_addr_on_down for interface "eth0": "#) == true)
    #expect(try errors(mtu: 1280, "fd00::/64") == [])
    #expect(try errors(mtu: 1279, "10.1.0.0/24") == [])
  }

  @Test(
    arguments: [
      ("", #""subnet": "10.1.0.0/24""#, ["10.1.0.1/24"], nil),
      (#""vlan": 5, "#, #""subnet": "fd00:1::/64""#, ["fd00:1::1/64"], nil),
      (
        "", #""ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "10.2.0.0/24"}]]"#, [],
        #"failed to set bridge addr: "br1" already has an IP address different from 10.2.0.1/24"#
      ),
      (
        #""vlan": 5, "#, #""ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "10.2.0.0/24"}]]"#,
        [],
        #"failed to set vlan interface for bridge with addr: "br1.5" already has"#
      ),
      (
        #""forceAddress": true, "#,
        #""ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "10.2.0.0/24"}]]"#, ["10.2.0.1/24"],
        nil
      ),
      (
        "", #""ranges": [[{"subnet": "fd00:1::/64"}], [{"subnet": "fd00:2::/64"}]]"#,
        ["fd00:1::1/64", "fd00:2::1/64"], nil
      ),
    ] as [(String, String, [String], String?)])
  func gateways(_ fields: String, _ ranges: String, _ expected: [String], _ refusal: String?) throws
  {
    let review = try Self.review(
      #"\#(fields)"isGateway": true, "ipam": {"type": "host-local", \#(ranges)}"#)
    let errors = review.problems.filter { $0.severity == .error }.map(\.message)
    #expect(errors.contains { $0.hasPrefix(refusal ?? " ") } == (refusal != nil), "\(errors)")
    guard refusal == nil, case .bridge(let bridge)? = review.attachment?.config else { return }
    let assigned = try #require(bridge.ipam?.addresses(ofPort: 0))
    #expect(try bridge.gateways(for: assigned).map(\.description) == expected)
  }

  @Test func routesLeadToTheGateway() throws {
    let review = try Self.review(
      #""isDefaultGateway": true, "ipam": {"type": "host-local", "subnet": "10.1.0.0/24", "#
        + #""routes": [{"dst": "192.0.2.0/24"}, {"dst": "198.51.100.0/24", "gw": "10.1.0.9"}]}"#)
    guard case .bridge(let bridge)? = review.attachment?.config else {
      Issue.record("no bridge")
      return
    }
    let routes = bridge.routes(for: try #require(bridge.ipam?.addresses(ofPort: 0)))
    #expect(
      routes.map { "\($0.destination) \($0.gateway.map(\.description) ?? "-")" } == [
        "192.0.2.0/24 10.1.0.1", "198.51.100.0/24 10.1.0.9", "0.0.0.0/0 10.1.0.1",
      ])
  }
}
