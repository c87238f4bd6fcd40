import FileSystem
import Foundation
import Testing

@testable import BootService

/// A folder of a test's own.
struct Folder {
  let path: String

  init() throws { path = try Files.makeUniqueFolder("/tmp/pxelab-boot-service-") }

  func remove() { try? Files.remove(path) }
}

@Suite struct BootFilesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var method = "GET"
    var path: String
    var range: String?
    var status: Int
    var bytes: Range<Int>?
    var length: Int?
    var headers: [String: String] = [:]
    var testDescription: String { "\(method) \(path) \(range ?? "")" }
  }

  static let binary = ["Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"]
  static let application = ["Content-Type": "application/efi", "Accept-Ranges": "bytes"]

  static let cases = [
    Case(path: "/boot.efi", status: 200, bytes: 0..<10, length: 10, headers: application),
    Case(path: "/BOOT.EFI", status: 200, bytes: 0..<3, length: 3, headers: application),
    Case(path: "/grub/grub.cfg", status: 200, bytes: 0..<4, length: 4, headers: binary),
    Case(path: "//grub///grub.cfg", status: 200, bytes: 0..<4, length: 4, headers: binary),
    Case(path: "/a b", status: 200, bytes: 0..<1, length: 1, headers: binary),
    Case(path: "/empty", status: 200, bytes: 0..<0, length: 0, headers: binary),
    Case(
      method: "HEAD", path: "/boot.efi", status: 200, bytes: 0..<0, length: 10,
      headers: application),
    Case(method: "HEAD", path: "/none", status: 404),
    Case(
      path: "/boot.efi", range: "bytes=2-5", status: 206, bytes: 2..<6, length: 4,
      headers: application.merging(["Content-Range": "bytes 2-5/10"]) { $1 }),
    Case(
      path: "/boot.efi", range: "bytes=10-", status: 416,
      headers: ["Content-Range": "bytes */10"]),
    Case(path: "/none", status: 404), Case(path: "/", status: 404), Case(path: "", status: 404),
    Case(path: "/grub", status: 404), Case(path: "/../boot.efi", status: 404),
    Case(path: "/grub/../../etc/passwd", status: 404), Case(path: "/boot.efi\0.txt", status: 404),
    Case(method: "POST", path: "/boot.efi", status: 405, headers: ["Allow": "GET, HEAD"]),
    Case(method: "DELETE", path: "/none", status: 405, headers: ["Allow": "GET, HEAD"]),
  ]

  @Test(arguments: cases) func aRequestHasItsAnswer(_ given: Case) async throws {
    let folder = try Folder()
    defer { folder.remove() }
    for (name, size) in [
      ("boot.efi", 10), ("BOOT.EFI", 3), ("grub/grub.cfg", 4), ("a b", 1), ("empty", 0),
    ] {
      try Files.makeParent(of: "\(folder.path)/\(name)")
      try Files.write(String(repeating: "x", count: size), to: "\(folder.path)/\(name)")
    }
    let answer = await BootFiles(root: folder.path).answer(
      to: BootRequest(method: given.method, path: given.path, range: given.range))
    #expect(answer.status == given.status && answer.headers == given.headers)
    #expect(answer.file?.bytes == given.bytes && answer.file?.length == given.length)
  }
}
