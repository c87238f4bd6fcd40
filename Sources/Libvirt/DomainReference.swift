import CLibvirt
import Glibc

/// Owns one reference to a `virDomain` and frees it. The pointer stays inside, because a pointer
/// taken out of a temporary reference would outlive it.
struct DomainReference: ~Copyable {
  private let pointer: virDomainPtr

  init(owning pointer: virDomainPtr) {
    self.pointer = pointer
  }

  deinit {
    virDomainFree(pointer)
  }

  var name: String {
    virDomainGetName(pointer).map { String(cString: $0) } ?? ""
  }

  func uuid() throws(LibvirtError) -> String {
    var text = [CChar](repeating: 0, count: Int(VIR_UUID_STRING_BUFLEN))
    guard virDomainGetUUIDString(pointer, &text) == 0 else {
      throw LibvirtError(lastIn: "virDomainGetUUIDString")
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  func state() throws(LibvirtError) -> DomainState {
    var state: Int32 = 0
    guard virDomainGetState(pointer, &state, nil, 0) == 0 else {
      throw LibvirtError(lastIn: "virDomainGetState")
    }
    return DomainState(number: state)
  }

  func summary() throws(LibvirtError) -> DomainSummary {
    let id = virDomainGetID(pointer)
    return DomainSummary(
      name: name, uuid: try uuid(), id: id == UInt32.max ? nil : Int(id), state: try state())
  }

  /// Makes a call that returns a negative number when it fails.
  borrowing func call(
    _ function: String, _ body: (virDomainPtr) -> Int32
  ) throws(LibvirtError) {
    guard body(pointer) >= 0 else { throw LibvirtError(lastIn: function) }
  }

  /// Makes a call that returns a text of libvirt's, or nothing when it fails.
  borrowing func text(
    _ function: String, _ body: (virDomainPtr) -> UnsafeMutablePointer<CChar>?
  ) throws(LibvirtError) -> String {
    guard let text = body(pointer) else { throw LibvirtError(lastIn: function) }
    defer { free(text) }
    return String(cString: text)
  }

  borrowing func xml(flags: UInt32) throws(LibvirtError) -> String {
    try text("virDomainGetXMLDesc") { virDomainGetXMLDesc($0, flags) }
  }
}
