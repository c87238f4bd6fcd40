/// The memory that KubeVirt's own programs and QEMU take beside a guest's
/// (pkg/hypervisor/kvm/hypervisorbackend.go).
enum MemoryOverhead {
  private static let mebibyte: Int64 = 1 << 20

  /// The overhead of an instance.
  ///
  /// - Parameter ratio: what the cluster multiplies it by.
  static func of(_ traits: LauncherTraits, ratio: Double) -> Quantity {
    let domain = traits.domain
    // Monitor, launcher, virtlogd, virtqemud and QEMU; processors; the thread for disks.
    var mebibytes: Int64 = 240 + 8 * traits.processors + 8
    if traits.devices["autoattachGraphicsDevice"].boolean != false { mebibytes += 32 }
    if traits.architecture == "arm64" { mebibytes += 128 }
    if traits.hasVFIO { mebibytes += 1024 }
    let hasMetrics =
      traits.devices["downwardMetrics"].exists
      || traits.spec["volumes"].items.contains { $0["downwardMetrics"].exists }
    if hasMetrics { mebibytes += 1 }
    mebibytes += probes(traits.spec)
    if traits.isSEV { mebibytes += 256 }
    if traits.hasTPM { mebibytes += 53 }
    if traits.isDedicated || traits.isGuaranteed { mebibytes += 100 }
    let hasPasst = traits.interfaces.contains {
      $0["passtBinding"].exists || $0["binding"]["name"].string == "passt"
    }
    if hasPasst { mebibytes += 250 }
    var bytes = mebibytes * mebibyte
    if let requested = domain["resources"]["requests"]["memory"].quantity, requested.value > 0 {
      // Page tables, of thousands of bytes.
      let kilobytes = min((requested.value - 1) / 1000 + 1, .max / 1000)
      bytes += kilobytes * 1000 / 512
    }
    if let added = domain["memory"]["reservedOverhead"]["addedOverhead"].quantity {
      bytes = (Quantity(bytes: bytes) + added).value
    }
    if ratio != 1 {
      // Thousands of bytes again.
      let kilobytes = Double((max(0, bytes - 1)) / 1000 + 1) * (ratio - 1)
      let limit = Double(Int64.max / 2000)
      bytes += Int64(min(max(kilobytes, -limit), limit)) * 1000
    }
    return Quantity(bytes: bytes)
  }

  private static func probes(_ spec: APIValue) -> Int64 {
    let count = ["livenessProbe", "readinessProbe"].count { spec[$0]["exec"].exists }
    return count == 0 ? 0 : Int64(count) * 10 + 100
  }
}
