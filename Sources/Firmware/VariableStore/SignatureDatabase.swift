/// The contents of `PK`, `KEK`, `db`, `dbx`, `MokList`, `TlsCaCertificate`: signature lists one
/// behind the other (EFI_SIGNATURE_LIST, UEFI 2.10 section 32.4.1).
package struct SignatureDatabase: Hashable, Sendable {
  /// The lists.
  package var lists: [SignatureList]

  /// A database of lists.
  package init(lists: [SignatureList] = []) {
    self.lists = lists
  }

  /// Decodes a variable's contents.
  ///
  /// - Throws: `EFIDecodingError` with the offset.
  package init(bytes: [UInt8]) throws(EFIDecodingError) {
    var reader = ByteReader(bytes[...], of: "signature database")
    lists = []
    while reader.remaining > 0 { lists.append(try SignatureList(&reader)) }
  }

  /// The variable's contents.
  package var bytes: [UInt8] { lists.flatMap(\.bytes) }

  /// All signatures with their kind, in order.
  package var signatures: [(kind: SignatureList.Kind, signature: Signature)] {
    lists.flatMap { list in list.signatures.map { (list.kind, $0) } }
  }

  /// Adds a signature, unless it is there already, whoever owns it.
  ///
  /// Hashes join the list of their kind; a certificate has a list of its own, because all
  /// signatures of a list are of one size.
  package mutating func add(_ signature: Signature, kind: SignatureList.Kind) {
    guard !signatures.contains(where: { $0.kind == kind && $0.signature.data == signature.data })
    else { return }
    let last = lists.lastIndex { list in
      kind != .x509 && list.kind == kind && list.header.isEmpty
        && list.signatures.first?.data.count == signature.data.count
    }
    if let last {
      lists[last].signatures.append(signature)
    } else {
      lists.append(SignatureList(kind: kind, signatures: [signature]))
    }
  }
}

/// Signatures of one kind and size.
package struct SignatureList: Hashable, Sendable {
  /// What they are.
  package var kind: Kind
  /// What stands before the first one; empty for all kinds of the specification.
  package var header: [UInt8]
  /// The signatures, at least one, all of one size.
  package var signatures: [Signature]

  /// A list.
  package init(kind: Kind, header: [UInt8] = [], signatures: [Signature]) {
    self.kind = kind
    self.header = header
    self.signatures = signatures
  }

  /// What a signature is.
  package enum Kind: Hashable, Sendable {
    /// An X.509 certificate in DER (EFI_CERT_X509_GUID).
    case x509
    /// A SHA-256 of an image (EFI_CERT_SHA256_GUID).
    case sha256
    /// The SHA-256 of a certificate's to-be-signed part, and a time (EFI_CERT_X509_SHA256_GUID).
    case x509SHA256
    /// Another kind.
    case other(GUID)

    static let x509GUID = GUID(0xa5c0_59a1, 0x94e4, 0x4aa7, 0x87b5_ab15_5c2b_f072)
    static let sha256GUID = GUID(0xc1c4_1626, 0x504c, 0x4092, 0xaca9_41f9_3693_4328)
    static let x509SHA256GUID = GUID(0x3bd2_a492, 0x96c0, 0x4079, 0xb420_fcf9_8ef1_03ed)

    init(_ guid: GUID) {
      self =
        switch guid {
        case Self.x509GUID: .x509
        case Self.sha256GUID: .sha256
        case Self.x509SHA256GUID: .x509SHA256
        default: .other(guid)
        }
    }

    var guid: GUID {
      switch self {
      case .x509: Self.x509GUID
      case .sha256: Self.sha256GUID
      case .x509SHA256: Self.x509SHA256GUID
      case .other(let guid): guid
      }
    }
  }

  init(_ reader: inout ByteReader) throws(EFIDecodingError) {
    guard let guid = GUID(bytes: try reader.take(16)) else { throw reader.failure("no kind") }
    kind = Kind(guid)
    let listSize = Int(try reader.number(UInt32.self))
    let headerSize = Int(try reader.number(UInt32.self))
    let signatureSize = Int(try reader.number(UInt32.self))
    guard signatureSize >= 16, listSize >= 28 + headerSize,
      (listSize - 28 - headerSize).isMultiple(of: signatureSize)
    else {
      throw reader.failure(
        "a list of \(listSize) bytes with a header of \(headerSize) and signatures of "
          + "\(signatureSize)")
    }
    header = Array(try reader.take(headerSize))
    signatures = []
    for _ in 0..<(listSize - 28 - headerSize) / signatureSize {
      guard let owner = GUID(bytes: try reader.take(16)) else { throw reader.failure("no owner") }
      signatures.append(
        Signature(owner: owner, data: Array(try reader.take(signatureSize - 16))))
    }
    if signatures.isEmpty { emptySignatureSize = signatureSize }
  }

  /// The size that a list without signatures states, in bytes.
  private var emptySignatureSize: Int?

  var bytes: [UInt8] {
    let size = signatures.first.map { $0.data.count + 16 } ?? emptySignatureSize ?? 16
    let listSize = 28 + header.count + signatures.count * size
    return kind.guid.bytes
      + [listSize, header.count, size].flatMap { UInt32(truncatingIfNeeded: $0).littleEndianBytes }
      + header + signatures.flatMap { $0.owner.bytes + $0.data }
  }
}

/// A signature with its owner (EFI_SIGNATURE_DATA).
package struct Signature: Hashable, Sendable {
  /// Who put it there.
  package var owner: GUID
  /// The certificate or hash.
  package var data: [UInt8]

  /// A signature.
  package init(owner: GUID, data: [UInt8]) {
    self.owner = owner
    self.data = data
  }
}
