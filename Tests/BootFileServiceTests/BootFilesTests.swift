import FileSystem
import Glibc
import HTTPService
import Testing

@testable import BootFileService

/// A folder of a test's own.
struct Folder {
  let path: String

  init() throws { path = try Files.makeUniqueFolder("/tmp/pxelab-boot-files-") }

  func remove() { try? Files.remove(path) }
}

@Suite struct BootFilesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var method = "GET"
    var target: String
    var range: String?
    var status: Int
    var bytes: Range<Int>?
    var fields: HTTPFields = [:]
    var testDescription: String { "\(method) \(target) \(range ?? "")" }
  }

  static let binary: HTTPFields = [
    "Content-Type": "application/octet-stream", "Accept-Ranges": "bytes",
  ]
  static let application: HTTPFields = [
    "Content-Type": "application/efi", "Accept-Ranges": "bytes",
  ]

  static let cases = [
    Case(target: "/boot.efi", status: 200, bytes: 0..<10, fields: application),
    Case(target: "/BOOT.EFI", status: 200, bytes: 0..<3, fields: application),
    Case(target: "/grub/grub.cfg", status: 200, bytes: 0..<4, fields: binary),
    Case(target: "//grub///grub.cfg", status: 200, bytes: 0..<4, fields: binary),
    Case(target: "/grub/grub.cfg?a=/b#c", status: 200, bytes: 0..<4, fields: binary),
    Case(target: "http://192.168.1.1:80/boot.efi", status: 200, bytes: 0..<10, fields: application),
    Case(target: "/a%20b", status: 200, bytes: 0..<1, fields: binary),
    Case(target: "/empty", status: 200, bytes: 0..<0, fields: binary),
    Case(method: "HEAD", target: "/boot.efi", status: 200, bytes: 0..<10, fields: application),
    Case(
      method: "HEAD", target: "/boot.efi", range: "bytes=2-5", status: 200, bytes: 0..<10,
      fields: application),
    Case(method: "HEAD", target: "/none", status: 404),
    Case(
      target: "/boot.efi", range: "bytes=2-5", status: 206, bytes: 2..<6,
      fields: [
        "Content-Type": "application/efi", "Accept-Ranges": "bytes",
        "Content-Range": "bytes 2-5/10",
      ]),
    Case(
      target: "/boot.efi", range: "bytes=10-", status: 416,
      fields: ["Content-Range": "bytes */10"]),
    Case(target: "/none", status: 404), Case(target: "/", status: 404),
    Case(target: "", status: 404), Case(target: "*", status: 404),
    Case(target: "/%zz", status: 404), Case(target: "/%ff", status: 404),
    Case(target: "http://", status: 404),
    Case(target: "/grub", status: 404), Case(target: "/pipe", status: 404),
    Case(target: "/../boot.efi", status: 404),
    Case(target: "/%2e%2e/boot.efi", status: 404), Case(target: "/grub%2f..%2fa", status: 404),
    Case(target: "/grub/../../etc/passwd", status: 404),
    Case(target: "/boot.efi%00.txt", status: 404),
    Case(method: "POST", target: "/boot.efi", status: 405, fields: ["Allow": "GET, HEAD"]),
    Case(method: "DELETE", target: "/none", status: 405, fields: ["Allow": "GET, HEAD"]),
  ]

  @Test(arguments: cases) func aRequestHasItsAnswer(_ given: Case) throws {
    let folder = try Folder()
    defer { folder.remove() }
    for (name, size) in [
      ("boot.efi", 10), ("BOOT.EFI", 3), ("grub/grub.cfg", 4), ("a b", 1), ("empty", 0),
    ] {
      try Files.makeParent(of: "\(folder.path)/\(name)")
      try Files.write(String(repeating: "x", count: size), to: "\(folder.path)/\(name)")
    }
    try #require(mkfifo("\(folder.path)/pipe", 0o600) == 0)
    let response = BootFiles(root: folder.path).answer(
      to: HTTPRequest(
        method: given.method, target: given.target,
        fields: given.range.map { ["Range": $0] } ?? [:]))
    #expect(response.status == given.status && response.fields == given.fields)
    switch response.body {
    case .file(let descriptor, let offset, let length):
      close(descriptor)
      #expect(given.bytes == offset..<(offset + length))
    case .bytes(let bytes): #expect(given.bytes == nil && bytes.isEmpty)
    case .stream, .webSocket: Issue.record("no file")
    }
  }
}
