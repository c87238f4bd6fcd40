/// How a feature is in a kernel.
package enum KernelOption: Hashable, Sendable {
  /// Compiled in (`=y`).
  case builtIn
  /// A module (`=m`), loaded when needed.
  case module
  /// Not there (`is not set`, or not named at all).
  case absent

  /// The state of an option in a kernel's configuration file.
  ///
  /// - Parameters:
  ///   - name: the option's name, such as `CONFIG_BRIDGE_VLAN_FILTERING`.
  ///   - configuration: the text of the kernel's `.config`.
  package init(_ name: String, in configuration: String) {
    for line in configuration.split(separator: "\n") where line.hasPrefix("\(name)=") {
      self =
        switch line.dropFirst(name.count + 1) {
        case "y": .builtIn
        case "m": .module
        default: .absent
        }
      return
    }
    self = .absent
  }
}

/// The running kernel's configuration file, wherever the distribution keeps it.
enum KernelConfiguration {
  /// The file's text and where it was found.
  case found(text: String, path: String)
  /// No place has it, and these have it for others only.
  case notFound([HostProbeError])

  /// Finds the configuration of the running kernel.
  static func find(on probe: some HostProbe) async -> KernelConfiguration {
    let release = probe.kernelRelease
    let candidates = [
      "/proc/config.gz", "/boot/config-\(release)", "/lib/modules/\(release)/config",
      "/usr/lib/modules/\(release)/config",
    ]
    var unreadable: [HostProbeError] = []
    for path in candidates {
      do {
        if let text = try await probe.text(at: path) { return .found(text: text, path: path) }
      } catch {
        unreadable.append(error)
      }
    }
    return .notFound(unreadable)
  }
}
