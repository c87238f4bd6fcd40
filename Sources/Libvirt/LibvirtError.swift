import CLibvirt

/// An error that libvirt reported (virterror.h).
package struct LibvirtError: Error, Hashable, CustomStringConvertible {
  /// The libvirt function that failed.
  package var function: String
  /// The code.
  package var code: Code
  /// The part of libvirt that raised it: a `virErrorDomain`, such as 10 for the QEMU driver.
  package var domain: Int32
  /// How grave it is: a `virErrorLevel`, 1 warning, 2 error.
  package var level: Int32
  /// libvirt's text.
  package var message: String

  /// One line for a person. Which function failed, and libvirt's numbers, are for programs.
  package var description: String { "libvirt: \(message)" }

  /// What went wrong (`virErrorNumber`).
  package enum Code: Hashable, Sendable {
    /// Something inside libvirt or the hypervisor failed (1).
    case internalError
    /// The operation itself failed (9).
    case operationFailed
    /// XML that does not describe what it should (27).
    case xmlError
    /// Text that is not XML (35).
    case xmlSyntax
    /// A socket or another resource could not be reached (38).
    case systemError
    /// No such domain (42).
    case noDomain
    /// The domain is not in the state that the call needs (55).
    case operationInvalid
    /// A domain of that name or UUID exists already (28).
    case domainExists
    /// A setting that the host or the hypervisor does not support (67).
    case configurationUnsupported
    /// The driver, or this libvirt, cannot do it (3).
    case noSupport
    /// There is no connection any more; not a code of libvirt's.
    case notConnected
    /// libvirtd did not answer in time; not a code of libvirt's.
    case timedOut
    /// The task that made the call was cancelled; not a code of libvirt's.
    case cancelled
    /// Any other.
    case unknown(Int32)

    init(number: Int32) {
      switch virErrorNumber(UInt32(bitPattern: number)) {
      case VIR_ERR_INTERNAL_ERROR: self = .internalError
      case VIR_ERR_OPERATION_FAILED: self = .operationFailed
      case VIR_ERR_XML_ERROR: self = .xmlError
      case VIR_ERR_XML_DETAIL: self = .xmlSyntax
      case VIR_ERR_SYSTEM_ERROR: self = .systemError
      case VIR_ERR_NO_DOMAIN: self = .noDomain
      case VIR_ERR_OPERATION_INVALID: self = .operationInvalid
      case VIR_ERR_DOM_EXIST: self = .domainExists
      case VIR_ERR_CONFIG_UNSUPPORTED: self = .configurationUnsupported
      case VIR_ERR_NO_SUPPORT: self = .noSupport
      default: self = .unknown(number)
      }
    }
  }

  /// A call on a connection that has come to its end.
  static func closed(_ function: String, _ reason: CloseReason) -> LibvirtError {
    let isHung = if case .hung = reason { true } else { reason == .silent }
    return LibvirtError(
      function: function, code: isHung ? .timedOut : .notConnected, domain: 0, level: 2,
      message: reason.description)
  }

  /// The caller's task was cancelled.
  static func cancelled(_ function: String) -> LibvirtError {
    LibvirtError(
      function: function, code: .cancelled, domain: 0, level: 2,
      message: "it is not waited for any more")
  }

  /// Too many threads wait for answers.
  static let exhausted = LibvirtError(
    function: "virConnectOpen", code: .timedOut, domain: 0, level: 2,
    message: "libvirtd has left many calls without an answer: it is stopped, or hangs")

  /// The library is not there, or not the one that it should be.
  static func notLoaded(_ reason: String) -> LibvirtError {
    LibvirtError(
      function: "virInitialize", code: .systemError, domain: 0, level: 2,
      message: "\(reason); `pxelab doctor` says which package has it")
  }

  init(function: String, code: Code, domain: Int32, level: Int32, message: String) {
    self.function = function
    self.code = code
    self.domain = domain
    self.level = level
    self.message = message
  }

  /// The error of the calling thread's last call. libvirt keeps it per thread: call this at once.
  init(lastIn function: String) {
    self.function = function
    guard let error: virErrorPtr = virGetLastError() else {
      code = .unknown(0)
      domain = 0
      level = 0
      message = "failed without saying why"
      return
    }
    code = Code(number: error.pointee.code)
    domain = error.pointee.domain
    level = Int32(error.pointee.level.rawValue)
    message =
      error.pointee.message.map { String(cString: $0) } ?? "failed without saying why"
  }
}
