import CLibvirt

extension Connection {
  private static let qemu: Result<Void, LibvirtError> = {
    guard let reason = clibvirt_load_qemu() else { return .success(()) }
    return .failure(.notLoaded(String(cString: reason)))
  }()

  /// Asks the QEMU of a running domain (QMP, docs/interop/qmp-spec.rst of QEMU).
  ///
  /// - Parameter command: a QMP command as JSON: `{"execute": "query-status"}`.
  /// - Returns: QEMU's answer as JSON, which may be its error.
  /// - Throws: `LibvirtError`, `.noSupport` of other hypervisors.
  package func monitor(
    _ command: String, of name: String
  ) async throws(LibvirtError) -> String {
    try await call("virDomainQemuMonitorCommand") { session throws(LibvirtError) in
      try Self.qemu.get()
      return try session.lookUp(name).text("virDomainQemuMonitorCommand") { domain in
        var answer: UnsafeMutablePointer<CChar>?
        guard virDomainQemuMonitorCommand(domain, command, &answer, 0) == 0 else { return nil }
        return answer
      }
    }
  }
}
