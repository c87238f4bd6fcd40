import Objects

/// The x86 models of libvirt's CPU map (src/cpu_map/index.xml, 11.x), without the versions that it has
/// of each since 10.10 (`Skylake-Server-v2`).
package enum CPUModelMap {
  /// The releases of libvirt that the list is of.
  package static let release = "11"
  private static let models: Set<String> = [
    "486", "Broadwell", "Broadwell-IBRS", "Broadwell-noTSX", "Broadwell-noTSX-IBRS",
    "Cascadelake-Server", "Cascadelake-Server-noTSX", "ClearwaterForest", "Conroe", "Cooperlake",
    "Denverton", "Dhyana", "EPYC", "EPYC-Genoa", "EPYC-IBPB", "EPYC-Milan", "EPYC-Rome",
    "EPYC-Turin", "GraniteRapids", "Haswell", "Haswell-IBRS", "Haswell-noTSX",
    "Haswell-noTSX-IBRS", "Icelake-Client", "Icelake-Client-noTSX", "Icelake-Server",
    "Icelake-Server-noTSX", "IvyBridge", "IvyBridge-IBRS", "KnightsMill", "Nehalem",
    "Nehalem-IBRS", "Opteron_G1", "Opteron_G2", "Opteron_G3", "Opteron_G4", "Opteron_G5", "Penryn",
    "SandyBridge", "SandyBridge-IBRS", "SapphireRapids", "SierraForest", "Skylake-Client",
    "Skylake-Client-IBRS", "Skylake-Client-noTSX-IBRS", "Skylake-Server", "Skylake-Server-IBRS",
    "Skylake-Server-noTSX-IBRS", "Snowridge", "Westmere", "Westmere-IBRS", "YongFeng", "athlon",
    "core2duo", "coreduo", "cpu64-rhel5", "cpu64-rhel6", "kvm32", "kvm64", "n270", "pentium",
    "pentium2", "pentium3", "pentiumpro", "phenom", "qemu32", "qemu64",
  ]

  /// Whether a name is one of a model, in these letters.
  package static func has(_ name: String) -> Bool {
    if models.contains(name) { return true }
    let parts = name.split(separator: "-")
    guard let version = parts.last, version.first == "v", version.count > 1,
      version.dropFirst().allSatisfy({ ("0"..."9").contains($0) })
    else { return false }
    return models.contains(parts.dropLast().joined(separator: "-"))
  }

  /// The model that a name comes near to.
  package static func nearest(to name: String) -> String? {
    Objects.nearest(to: name, among: models.sorted())
  }
}
