import Glibc

/// The form in which a file holds a variable store; the one place that tells them apart.
package enum StoreForm: Hashable, Sendable {
  /// Flash as OVMF and ArmVirt read it (``VariableStore``).
  case flash
  /// Nothing, or one byte all over, 00 or FF: the firmware makes a store of it at its first start.
  case blank(BlankStore)
  /// JSON of QEMU's uefi-vars device, virt-firmware and python-uefivars (``JSONVariableStore``).
  case json
  /// Amazon EC2's `UefiData`: base64 of `AMZNUEFI`, a checksum and zlib.
  case aws
  /// An image of QEMU's own format around any of these.
  case qcow2
  /// Packed by gzip.
  case gzip
  /// Firmware volumes of which none has variables: the code of a firmware.
  case code
  /// None of these.
  case unknown

  /// The form of a file's bytes.
  package init(of bytes: [UInt8]) {
    if bytes.starts(with: [0x51, 0x46, 0x49, 0xfb]) {
      self = .qcow2
    } else if bytes.starts(with: [0x1f, 0x8b]) {
      self = .gzip
    } else if let blank = BlankStore(bytes) {
      self = .blank(blank)
    } else if VariableStore.Layout.volumeStart(in: bytes, withVariables: true) != nil {
      self = .flash
    } else if let text = Self.text(bytes.prefix(64)) {
      self = text
    } else {
      let isCode = VariableStore.Layout.volumeStart(in: bytes, withVariables: false) != nil
      self = isCode ? .code : .unknown
    }
  }

  /// The form of a text that begins so; `nil` where it is none.
  private static func text(_ start: ArraySlice<UInt8>) -> StoreForm? {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let text = (start.starts(with: mark) ? start.dropFirst(3) : start)
      .drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
    if text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") { return .json }
    // What base64 of `AMZNUEFI` begins with; what follows depends on the checksum behind it.
    return text.starts(with: "QU1aTlVFRk".utf8) ? .aws : nil
  }

  /// What the file is, for a person: `a JSON variable store`.
  package var description: String {
    switch self {
    case .flash: "a variable store of OVMF in raw flash"
    case .blank(let blank): "a blank store, \(blank)"
    case .json: "a JSON variable store, as QEMU's uefi-vars device and virt-firmware have it"
    case .aws: "a variable store as Amazon EC2 gives it out (AMZNUEFI)"
    case .qcow2: "a qcow2 image"
    case .gzip: "packed by gzip"
    case .code: "firmware without variables, such as OVMF_CODE.fd"
    case .unknown: "not a variable store of OVMF"
    }
  }

  /// What to do with a file of this form where raw flash is needed.
  package var wayOut: String? {
    switch self {
    case .flash, .unknown: nil
    case .blank: "start the firmware with it once, or begin with a copy of the firmware's own store"
    case .json: "`pxelab efi import --file OVMF_VARS.fd FILE` puts its variables into a raw store"
    case .aws:
      "`uefivars -i aws -o json -I FILE -O vars.json` (pip install uefivars) makes JSON of it, "
        + "which `pxelab efi list --file vars.json` reads"
    case .qcow2: "`qemu-img convert -O raw FILE OVMF_VARS.fd` makes a raw one of it"
    case .gzip: "unpack it first with gunzip"
    case .code: "its variables are in a file of their own, such as OVMF_VARS.fd"
    }
  }
}

/// A store that nothing was written to: a file that is empty, or erased flash.
package struct BlankStore: Hashable, Sendable, CustomStringConvertible {
  /// How many bytes it has.
  package let size: Int
  /// What all of them are, 00 or FF; FF of none.
  package let fill: UInt8

  /// A blank store; `nil` for bytes that are something else.
  package init?(_ bytes: [UInt8]) {
    let fill = bytes.first ?? 0xff
    guard fill == 0 || fill == 0xff, bytes.isUniform(bytes.indices) else { return nil }
    self.fill = fill
    size = bytes.count
  }

  /// `67108864 bytes of 00`; `empty`.
  package var description: String {
    size == 0 ? "empty" : "\(size) bytes of \(fill == 0 ? "00" : "FF")"
  }
}

extension [UInt8] {
  /// Whether all bytes of a range are alike.
  func isUniform(_ range: Range<Int>) -> Bool {
    guard range.count > 1 else { return true }
    return withUnsafeBytes { memory in
      guard let start = memory.baseAddress?.advanced(by: range.lowerBound) else { return true }
      return memcmp(start, start + 1, range.count - 1) == 0
    }
  }
}
