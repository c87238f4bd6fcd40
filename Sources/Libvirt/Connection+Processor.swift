import CLibvirt
import Glibc

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

  /// What the host has, and which emulators and machine types (libvirt, "Capabilities XML format").
  ///
  /// - Throws: `LibvirtError`.
  package func capabilities() async throws(LibvirtError) -> String {
    try await call("virConnectGetCapabilities") { session throws(LibvirtError) in
      try session.capabilities()
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

  fileprivate func capabilities() throws(LibvirtError) -> String {
    let connection = try handle(for: "virConnectGetCapabilities")
    guard let text = virConnectGetCapabilities(connection) else {
      throw LibvirtError(lastIn: "virConnectGetCapabilities")
    }
    defer { free(text) }
    return String(cString: text)
  }
}
