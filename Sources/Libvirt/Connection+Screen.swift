import CLibvirt
import FoundationEssentials

/// A picture of a domain's screen.
package struct Picture: Hashable, Sendable {
  /// Its form: `image/png`, or `image/x-portable-pixmap` of a QEMU that writes no PNG.
  package var mediaType: String
  /// The file's bytes.
  package var bytes: Data
}

extension Connection {
  /// A picture of a running domain's screen.
  ///
  /// - Parameters:
  ///   - screen: which, from 0.
  ///   - limit: the most bytes that are taken.
  /// - Throws: `LibvirtError`, `.operationFailed` for a larger one.
  package func picture(
    of name: String, screen: UInt32 = 0, limit: Int = 64 << 20
  ) async throws(LibvirtError) -> Picture {
    try await call("virDomainScreenshot") { session throws(LibvirtError) in
      guard let stream = virStreamNew(try session.handle(for: "virStreamNew"), 0) else {
        throw LibvirtError(lastIn: "virStreamNew")
      }
      defer { virStreamFree(stream) }
      let mediaType = try session.lookUp(name).text("virDomainScreenshot") {
        virDomainScreenshot($0, stream, screen, 0)
      }
      do throws(LibvirtError) {
        let bytes = try read(stream, limit: limit)
        guard virStreamFinish(stream) == 0 else { throw LibvirtError(lastIn: "virStreamFinish") }
        return Picture(mediaType: mediaType, bytes: bytes)
      } catch {
        virStreamAbort(stream)
        throw error
      }
    }
  }
}

private func read(_ stream: virStreamPtr, limit: Int) throws(LibvirtError) -> Data {
  var bytes = Data()
  // What libvirt sends at once is no larger.
  var buffer = [CChar](repeating: 0, count: 1 << 18)
  while true {
    let count = Int(virStreamRecv(stream, &buffer, buffer.count))
    guard count >= 0 else { throw LibvirtError(lastIn: "virStreamRecv") }
    if count == 0 { return bytes }
    guard bytes.count + count <= limit else {
      throw LibvirtError(
        function: "virStreamRecv", code: .operationFailed, domain: 0, level: 2,
        message: "the picture has more than \(limit) bytes")
    }
    buffer.withUnsafeBytes { bytes.append(contentsOf: $0.prefix(count)) }
  }
}
