import HTTPService
import Objects
import Testing

@testable import APIServer

/// Bodies in protobuf, built by hand from the numbers in generated.proto.
@Suite struct ProtobufTests {
  /// A field with bytes.
  private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var count = bytes.count
    repeat {
      length.append(UInt8(count & 0x7f) | (count > 0x7f ? 0x80 : 0))
      count >>= 7
    } while count > 0
    return [number << 3 | 2] + length + bytes
  }

  private func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

  private func envelope(_ apiVersion: String, _ kind: String, _ object: [UInt8]) -> [UInt8] {
    Array("k8s\0".utf8) + field(1, field(1, apiVersion) + field(2, kind)) + field(2, object)
  }

  private func read(_ body: [UInt8]) throws -> String {
    let request = HTTPRequest(
      method: "POST", target: "/", fields: ["Content-Type": "application/vnd.kubernetes.protobuf"],
      body: body)
    return String(decoding: try request.object().canonicalJSON, as: UTF8.self)
  }

  @Test func aConfigMapIsRead() throws {
    let data = field(2, field(1, "key") + field(2, "value"))
    let long = field(2, field(1, "long") + field(2, String(repeating: "x", count: 300)))
    let text = try read(
      envelope("v1", "ConfigMap", field(1, field(1, "name") + field(3, "space")) + data + long))
    let tree = try json(text)
    #expect(tree["metadata"] == ["name": "name", "namespace": "space"])
    #expect(tree["data", "key"] == "value")
    #expect(tree["data", "long"]?.string?.count == 300)
    #expect(tree["kind"] == "ConfigMap" && tree["apiVersion"] == "v1")
  }

  @Test func aSecretsBytesAreBase64() throws {
    let tree = try json(
      try read(envelope("v1", "Secret", field(2, field(1, "k") + field(2, [0, 0xff])))))
    #expect(tree["data", "k"] == "AP8=")
  }

  @Test func numbersAndTimesAreRead() throws {
    // 300 as a number, and a time with nanoseconds.
    let body = field(2, field(1, "me") + [2 << 3, 0xac, 0x02] + field(4, [8, 1, 16, 0xd0, 0x0f]))
    let tree = try json(try read(envelope("coordination.k8s.io/v1", "Lease", body)))
    #expect(tree["spec", "leaseDurationSeconds"] == 300)
    #expect(tree["spec", "renewTime"] == "1970-01-01T00:00:01.000002Z")
    let options = try json(try read(envelope("apps/v1", "DeleteOptions", field(4, "Background"))))
    #expect(options["propagationPolicy"] == "Background")
  }

  @Test(
    arguments: [
      [], Array("{}".utf8), Array("k8s\0".utf8) + [0x0a, 0x7f],
      Array("k8s\0".utf8) + [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      Array("k8s\0".utf8) + [0x0b],
    ] as [[UInt8]])
  func otherBytesAreRefused(_ body: [UInt8]) {
    #expect(throws: StatusError.self) { try read(body) }
  }

  @Test func otherKindsAreRefused() throws {
    let error = try #require(throws: StatusError.self) {
      try read(envelope("apps/v1", "Deployment", []))
    }
    #expect(error.code == 415)
  }
}
