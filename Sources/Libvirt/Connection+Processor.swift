import CLibvirt
import Glibc

/// How a described processor compares with what a hypervisor provides on this machine.
package enum ProcessorComparison: Hashable, Sendable {
  /// The hypervisor lacks something of it; the text is libvirt's, and may be empty.
  case incompatible(String)
  /// It is exactly that.
  case identical
  /// The hypervisor provides more.
  case superset
  /// A number that this version of pxelab does not know.
  case unknown(Int32)
}

/// Which hypervisor is asked about.
package struct HypervisorTarget: Hashable, Sendable {
  /// The guest's architecture.
  package var architecture: String
  /// The machine type.
  package var machine: String
  /// The domain's type: `kvm` or `qemu`, which is TCG.
  package var domainType: String

  /// A hypervisor with its usual emulator.
  package init(architecture: String = "x86_64", machine: String = "q35", domainType: String) {
    self.architecture = architecture
    self.machine = machine
    self.domainType = domainType
  }
}

extension Connection {
  /// What domains may ask of a hypervisor (libvirt, "Domain capabilities XML format").
  ///
  /// - Throws: `LibvirtError`.
  package func domainCapabilities(
    of target: HypervisorTarget
  ) async throws(LibvirtError) -> String {
    try await call("virConnectGetDomainCapabilities") { session throws(LibvirtError) in
      try session.domainCapabilities(of: target)
    }
  }

  /// The richest processor that a hypervisor provides of the described one, every feature listed.
  ///
  /// - Parameter xml: a `<cpu>` element.
  /// - Throws: `LibvirtError`.
  package func baselineProcessor(
    _ xml: String, on target: HypervisorTarget
  ) async throws(LibvirtError) -> String {
    try await call("virConnectBaselineHypervisorCPU") { session throws(LibvirtError) in
      try session.baselineProcessor(xml, on: target)
    }
  }

  /// Compares a processor with what a hypervisor provides.
  ///
  /// - Parameter xml: a `<cpu>` element.
  /// - Throws: `LibvirtError`, also for a model that libvirt does not know.
  package func compareProcessor(
    _ xml: String, on target: HypervisorTarget
  ) async throws(LibvirtError) -> ProcessorComparison {
    try await call("virConnectCompareHypervisorCPU") { session throws(LibvirtError) in
      try session.compareProcessor(xml, on: target)
    }
  }
}

extension Session {
  fileprivate func domainCapabilities(
    of target: HypervisorTarget
  ) throws(LibvirtError) -> String {
    let connection = try handle(for: "virConnectGetDomainCapabilities")
    guard
      let text = virConnectGetDomainCapabilities(
        connection, nil, target.architecture, target.machine, target.domainType, 0)
    else { throw LibvirtError(lastIn: "virConnectGetDomainCapabilities") }
    defer { free(text) }
    return String(cString: text)
  }

  fileprivate func baselineProcessor(
    _ xml: String, on target: HypervisorTarget
  ) throws(LibvirtError) -> String {
    let connection = try handle(for: "virConnectBaselineHypervisorCPU")
    let flags = VIR_CONNECT_BASELINE_CPU_EXPAND_FEATURES.rawValue
    let text = xml.withCString { description in
      var list: [UnsafePointer<CChar>?] = [description]
      return list.withUnsafeMutableBufferPointer { list in
        virConnectBaselineHypervisorCPU(
          connection, nil, target.architecture, target.machine, target.domainType,
          list.baseAddress, UInt32(list.count), flags)
      }
    }
    guard let text else { throw LibvirtError(lastIn: "virConnectBaselineHypervisorCPU") }
    defer { free(text) }
    return String(cString: text)
  }

  fileprivate func compareProcessor(
    _ xml: String, on target: HypervisorTarget
  ) throws(LibvirtError) -> ProcessorComparison {
    let connection = try handle(for: "virConnectCompareHypervisorCPU")
    let flags = VIR_CONNECT_COMPARE_CPU_FAIL_INCOMPATIBLE.rawValue
    let result = virConnectCompareHypervisorCPU(
      connection, nil, target.architecture, target.machine, target.domainType, xml, flags)
    switch virCPUCompareResult(result) {
    case VIR_CPU_COMPARE_INCOMPATIBLE: return .incompatible("")
    case VIR_CPU_COMPARE_IDENTICAL: return .identical
    case VIR_CPU_COMPARE_SUPERSET: return .superset
    case VIR_CPU_COMPARE_ERROR:
      let error = LibvirtError(lastIn: "virConnectCompareHypervisorCPU")
      if error.code == .incompatibleProcessor { return .incompatible(error.message) }
      throw error
    default: return .unknown(result)
    }
  }
}
