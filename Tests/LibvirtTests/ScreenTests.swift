import Foundation
import Libvirt
import Testing

@Suite struct ScreenTests {
  /// The test driver's picture is a file of libvirt's.
  @Test func aPictureComesByAStream() async throws {
    let connection = try await Connection.open(uri: "test:///default")
    let picture = try await connection.picture(of: "test")
    #expect(picture.mediaType == "image/png")
    #expect(Array(picture.bytes.prefix(8)) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    #expect(picture.bytes.suffix(8) == Data([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]))
    let large = await #expect(throws: LibvirtError.self) {
      _ = try await connection.picture(of: "test", limit: picture.bytes.count - 1)
    }
    #expect(large?.code == .operationFailed)
    let again = try await connection.picture(of: "test", limit: picture.bytes.count)
    #expect(again == picture)
    let missing = await #expect(throws: LibvirtError.self) {
      _ = try await connection.picture(of: "nobody")
    }
    #expect(missing?.code == .noDomain)
  }

  @Test func onlyQEMUHasAMonitor() async throws {
    let connection = try await Connection.open(uri: "test:///default")
    let error = await #expect(throws: LibvirtError.self) {
      _ = try await connection.monitor(#"{"execute":"query-status"}"#, of: "test")
    }
    #expect(error?.code == .noSupport)
  }
}
