import CLibvirt

extension Connection {
  /// How many keys can be held together (`VIR_DOMAIN_SEND_KEY_MAX_KEYS`).
  package static let mostKeys = Int(VIR_DOMAIN_SEND_KEY_MAX_KEYS)

  /// Presses keys of a running domain together, and lets go of them after a while. QEMU queues what
  /// is pressed; this does not wait for it.
  ///
  /// - Parameters:
  ///   - keys: at most ``mostKeys``.
  ///   - milliseconds: how long they are held.
  /// - Throws: `LibvirtError`, `.operationInvalid` when it does not run.
  package func press(
    _ keys: [KeyCode], of name: String, milliseconds: UInt32 = 30
  ) async throws(LibvirtError) {
    guard !keys.isEmpty else { return }
    try await call("virDomainSendKey") { session throws(LibvirtError) in
      try session.lookUp(name).call("virDomainSendKey") { domain in
        var codes = keys.map(\.rawValue)
        return virDomainSendKey(
          domain, VIR_KEYCODE_SET_LINUX.rawValue, milliseconds, &codes, Int32(codes.count), 0)
      }
    }
  }
}
