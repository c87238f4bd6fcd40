import Firmware
import Testing

@Suite struct KeyEnrollmentTests {
  @Test func aPlatformKeyTurnsSecureBootOn() throws {
    var store = try Stores.store("OVMF_VARS_4M.fd")
    let keys = KeyEnrollment(
      platformKey: [0x30, 1], keyExchangeKeys: [[0x30, 2]],
      allowed: [.certificate([0x30, 3]), .sha256([UInt8](repeating: 4, count: 32))],
      forbidden: [
        .sha256([UInt8](repeating: 5, count: 32)), .sha256([UInt8](repeating: 6, count: 32)),
      ], authorities: [[0x30, 7]])
    try store.enroll(keys)
    let once = store
    try store.enroll(keys)
    #expect(store == once, "what is there is not added again")
    #expect(SecureBootState(store) == .enabled)
    #expect(store[.secureBootEnable]?.data == [1])
    #expect(store[.platformKey]?.attributes == .secureBoot)
    #expect(store[.platformKey]?.time == .unsigned)
    #expect(store[.tlsCACertificate]?.attributes == .bootService)
    #expect(store[.tlsCACertificate]?.time == .zero)
    let summaries = try [VariableName.keyExchangeKeys, .allowed, .forbidden, .tlsCACertificate].map
    {
      try SignatureDatabase(bytes: #require(store[$0]?.data)).summary
    }
    #expect(
      summaries == ["1 certificate", "1 certificate, 1 SHA-256", "2 SHA-256", "1 certificate"])
    let forbidden = try SignatureDatabase(bytes: #require(store[.forbidden]?.data))
    #expect(forbidden.lists.count == 1, "hashes share a list")

    try store.addKeys(of: Stores.store("OVMF_VARS_4M.ms.fd"))
    #expect(store[.platformKey] == (try Stores.store("OVMF_VARS_4M.ms.fd"))[.platformKey])
    let allowed = try SignatureDatabase(bytes: #require(store[.allowed]?.data))
    #expect(allowed.summary == "3 certificates, 1 SHA-256")
    store.removeKeys()
    #expect(SecureBootState(store) == .setupMode)
    #expect(VariableName.keys.allSatisfy { store[$0] == nil })
    #expect(try VariableStore(bytes: store.bytes) == store)
  }

  /// A PE32+ image of no code, its certificate table at the end.
  private static func image(signature: [UInt8]) -> [UInt8] {
    var image = [UInt8](repeating: 0x11, count: 0x200)
    func put(_ offset: Int, _ bytes: [UInt8]) {
      image.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    put(0, [0x4d, 0x5a])
    put(0x3c, [0x80, 0, 0, 0])
    put(0x80, [0x50, 0x45, 0, 0])
    put(0x98, [0x0b, 0x02])
    put(0x98 + 64, Array("SUMS".utf8))
    put(0x98 + 108, [16, 0, 0, 0])
    let hasSignature = !signature.isEmpty
    put(
      0x98 + 112 + 32,
      hasSignature
        ? [0, 2, 0, 0, UInt8(signature.count), 0, 0, 0] : [UInt8](repeating: 0, count: 8))
    return image + signature
  }

  @Test func signaturesAndChecksumAreNotHashed() throws {
    let plain = Self.image(signature: [])
    let hashed = try AuthenticodeImage.hashedBytes(of: plain)
    #expect(hashed.count == plain.count - 4 - 8)
    #expect(!String(decoding: hashed, as: UTF8.self).contains("SUMS"))
    let signed = Self.image(signature: [UInt8](repeating: 0xee, count: 24))
    #expect(try AuthenticodeImage.hashedBytes(of: signed) == hashed)
    var other = signed
    other[0x1ff] ^= 1
    #expect(try AuthenticodeImage.hashedBytes(of: other) != hashed)
    for count in 0..<plain.count {
      // Headers that are cut off are refused; what is behind them can be of any length.
      if count < 0x98 + 112 + 40 {
        #expect(throws: EFIDecodingError.self) {
          try AuthenticodeImage.hashedBytes(of: Array(signed.prefix(count)))
        }
      } else {
        _ = try? AuthenticodeImage.hashedBytes(of: Array(signed.prefix(count)))
      }
    }
    #expect(throws: EFIDecodingError.self) {
      try AuthenticodeImage.hashedBytes(of: [0x7f, 0x45, 0x4c, 0x46])
    }
  }
}
