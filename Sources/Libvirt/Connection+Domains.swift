import CLibvirt
import FoundationEssentials
import Glibc

/// What becomes of a domain's variable store when the domain is undefined.
package enum VariableStoreDisposal: Hashable, Sendable {
  /// The file stays.
  case keep
  /// The file is deleted.
  case remove
}

extension Connection {
  /// Every domain, running or not, by name.
  ///
  /// - Throws: `LibvirtError`.
  package func domains() async throws(LibvirtError) -> [DomainSummary] {
    try await call("virConnectListAllDomains") { session throws(LibvirtError) in
      try session.domains()
    }
  }

  /// Defines a persistent domain, or redefines the one of the same name and UUID.
  ///
  /// - Throws: `LibvirtError`: `.xmlError`, `.domainExists`, `.configurationUnsupported`, …
  @discardableResult
  package func define(xml: String) async throws(LibvirtError) -> DomainSummary {
    try await call("virDomainDefineXMLFlags") { session throws(LibvirtError) in
      let connection = try session.handle(for: "virDomainDefineXMLFlags")
      guard let domain = virDomainDefineXMLFlags(connection, xml, 0) else {
        throw LibvirtError(lastIn: "virDomainDefineXMLFlags")
      }
      return try DomainReference(owning: domain).summary()
    }
  }

  /// Starts a defined domain; when paused, the hypervisor is there but no instruction has run.
  ///
  /// - Throws: `LibvirtError`.
  package func start(_ name: String, paused: Bool = false) async throws(LibvirtError) {
    let flags = paused ? VIR_DOMAIN_START_PAUSED.rawValue : 0
    try await change(name, by: "virDomainCreateWithFlags") { virDomainCreateWithFlags($0, flags) }
  }

  /// Lets a paused domain run.
  ///
  /// - Throws: `LibvirtError`.
  package func resume(_ name: String) async throws(LibvirtError) {
    try await change(name, by: "virDomainResume") { virDomainResume($0) }
  }

  /// Pauses a running domain.
  ///
  /// - Throws: `LibvirtError`.
  package func suspend(_ name: String) async throws(LibvirtError) {
    try await change(name, by: "virDomainSuspend") { virDomainSuspend($0) }
  }

  /// Takes the power from a running domain; its definition stays.
  ///
  /// - Throws: `LibvirtError`, `.operationInvalid` when it does not run.
  package func destroy(_ name: String) async throws(LibvirtError) {
    try await change(name, by: "virDomainDestroy") { virDomainDestroy($0) }
  }

  /// Presses a running domain's reset button.
  ///
  /// - Throws: `LibvirtError`, `.operationInvalid` when it does not run.
  package func reset(_ name: String) async throws(LibvirtError) {
    try await change(name, by: "virDomainReset") { virDomainReset($0, 0) }
  }

  /// Presses a running domain's ACPI power button, and resets the domain when its guest has powered off;
  /// the guest may heed it, or not.
  ///
  /// - Throws: `LibvirtError`, `.operationInvalid` when it does not run.
  package func reboot(_ name: String) async throws(LibvirtError) {
    let flags = VIR_DOMAIN_REBOOT_ACPI_POWER_BTN.rawValue
    try await change(name, by: "virDomainReboot") { virDomainReboot($0, flags) }
  }

  /// Presses a running domain's ACPI power button; the guest may power off, or not.
  ///
  /// - Throws: `LibvirtError`, `.operationInvalid` when it does not run.
  package func pressPowerButton(_ name: String) async throws(LibvirtError) {
    let flags = VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN.rawValue
    try await change(name, by: "virDomainShutdownFlags") { virDomainShutdownFlags($0, flags) }
  }

  /// Forgets a domain's definition. libvirt refuses, for a domain that has a variable store, when
  /// it is not told what becomes of that.
  ///
  /// - Throws: `LibvirtError`.
  package func undefine(
    _ name: String, variableStore: VariableStoreDisposal? = nil
  ) async throws(LibvirtError) {
    let flags: UInt32 =
      switch variableStore {
      case .keep?: VIR_DOMAIN_UNDEFINE_KEEP_NVRAM.rawValue
      case .remove?: VIR_DOMAIN_UNDEFINE_NVRAM.rawValue
      case nil: 0
      }
    try await change(name, by: "virDomainUndefineFlags") { virDomainUndefineFlags($0, flags) }
  }

  /// One domain.
  ///
  /// - Throws: `LibvirtError`, `.noDomain` when there is none of that name.
  package func domain(_ name: String) async throws(LibvirtError) -> DomainSummary {
    try await call("virDomainGetState") { session throws(LibvirtError) in
      try session.lookUp(name).summary()
    }
  }

  /// A domain's description: what runs, or what the next start will take.
  ///
  /// - Throws: `LibvirtError`.
  package func xml(
    of name: String, inactive: Bool = false
  ) async throws(LibvirtError) -> String {
    let flags = inactive ? VIR_DOMAIN_XML_INACTIVE.rawValue : 0
    return try await call("virDomainGetXMLDesc") { session throws(LibvirtError) in
      try session.lookUp(name).xml(flags: flags)
    }
  }

  private func change(
    _ name: String, by function: String,
    _ body: @escaping @Sendable (virDomainPtr) -> Int32
  ) async throws(LibvirtError) {
    try await call(function) { session throws(LibvirtError) in
      try session.lookUp(name).call(function, body)
    }
  }
}

extension Session {
  fileprivate func domains() throws(LibvirtError) -> [DomainSummary] {
    let connection = try handle(for: "virConnectListAllDomains")
    var list: UnsafeMutablePointer<virDomainPtr?>?
    let count = virConnectListAllDomains(connection, &list, 0)
    guard count >= 0, let list else { throw LibvirtError(lastIn: "virConnectListAllDomains") }
    defer {
      for index in 0..<Int(count) { list[index].map { _ = virDomainFree($0) } }
      free(list)
    }
    var summaries: [DomainSummary] = []
    for index in 0..<Int(count) {
      guard let domain = list[index] else { continue }
      virDomainRef(domain)
      do {
        summaries.append(try DomainReference(owning: domain).summary())
      } catch {
        // One that is gone was undefined since the list was made.
        guard error.code == .noDomain else { throw error }
      }
    }
    return summaries.sorted { $0.name < $1.name }
  }
}
