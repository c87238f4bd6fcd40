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
    /// A processor that the host does not provide (91).
    case incompatibleProcessor
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
      case VIR_ERR_CPU_INCOMPATIBLE: self = .incompatibleProcessor
      default: self = .unknown(number)
      }
    }

    /// libvirt's number.
    package var number: Int32 {
      switch self {
      case .internalError: Int32(VIR_ERR_INTERNAL_ERROR.rawValue)
      case .operationFailed: Int32(VIR_ERR_OPERATION_FAILED.rawValue)
      case .xmlError: Int32(VIR_ERR_XML_ERROR.rawValue)
      case .xmlSyntax: Int32(VIR_ERR_XML_DETAIL.rawValue)
      case .systemError: Int32(VIR_ERR_SYSTEM_ERROR.rawValue)
      case .noDomain: Int32(VIR_ERR_NO_DOMAIN.rawValue)
      case .operationInvalid: Int32(VIR_ERR_OPERATION_INVALID.rawValue)
      case .domainExists: Int32(VIR_ERR_DOM_EXIST.rawValue)
      case .configurationUnsupported: Int32(VIR_ERR_CONFIG_UNSUPPORTED.rawValue)
      case .incompatibleProcessor: Int32(VIR_ERR_CPU_INCOMPATIBLE.rawValue)
      case .unknown(let number): number
      }
    }
  }

  /// A call on a connection that was closed.
  static func closed(_ function: String) -> LibvirtError {
    LibvirtError(
      function: function, code: .operationInvalid, domain: 0, level: 2,
      message: "the connection is closed; open another")
  }

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
