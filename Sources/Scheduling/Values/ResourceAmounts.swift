import KubeVirt
import Objects

/// Amounts of resources as the scheduler counts them (pkg/scheduler/framework/types.go, Resource).
package struct ResourceAmounts: Hashable, Sendable {
  /// Thousandths of a processor.
  package var milliCPU: Int64 = 0
  /// Bytes.
  package var memory: Int64 = 0
  /// Bytes.
  package var ephemeralStorage: Int64 = 0
  /// Pods; of a node only.
  package var pods: Int64 = 0
  /// Extended resources, huge pages and others by name.
  package var scalars: [String: Int64] = [:]

  /// Nothing.
  package init() {}

  /// The amounts of a resource list.
  init(_ list: APIValue) {
    for entry in list.node?.entries ?? [] {
      guard let quantity = APIValue(entry.value).quantity else { continue }
      self[entry.key] = Self.amount(of: entry.key, quantity)
    }
  }

  /// A quantity in the unit in which its resource is counted; the API refuses negative ones.
  static func amount(of name: String, _ quantity: Quantity) -> Int64 {
    max(0, name == "cpu" ? quantity.milliValue : quantity.value)
  }

  /// The amount of a resource by its name; 0 when there is none.
  subscript(name: String) -> Int64 {
    get {
      switch name {
      case "cpu": milliCPU
      case "memory": memory
      case "ephemeral-storage": ephemeralStorage
      case "pods": pods
      default: scalars[name] ?? 0
      }
    }
    set {
      switch name {
      case "cpu": milliCPU = newValue
      case "memory": memory = newValue
      case "ephemeral-storage": ephemeralStorage = newValue
      case "pods": pods = newValue
      default: if ResourceName.isScalar(name) { scalars[name] = newValue }
      }
    }
  }

  /// Whether nothing is asked for.
  var isEmpty: Bool {
    milliCPU == 0 && memory == 0 && ephemeralStorage == 0 && scalars.isEmpty
  }

  static func += (left: inout ResourceAmounts, right: ResourceAmounts) {
    left.milliCPU = left.milliCPU.addingClamped(right.milliCPU)
    left.memory = left.memory.addingClamped(right.memory)
    left.ephemeralStorage = left.ephemeralStorage.addingClamped(right.ephemeralStorage)
    for (name, amount) in right.scalars {
      left.scalars[name] = (left.scalars[name] ?? 0).addingClamped(amount)
    }
  }
}

extension Int64 {
  func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}

/// What names of resources say of them (pkg/apis/core/v1/helper/helpers.go).
enum ResourceName {
  /// Whether it is one of Kubernetes' own: without a domain, or of kubernetes.io.
  static func isNative(_ name: String) -> Bool {
    !name.utf8.contains(UInt8(ascii: "/")) || isKubernetes(name)
  }

  /// Whether it is a device's or another extended resource.
  static func isExtended(_ name: String) -> Bool {
    guard !isNative(name), !name.hasPrefix("requests.") else { return false }
    return QualifiedName.objections("requests.\(name)").isEmpty
  }

  /// Whether the name has a domain of Kubernetes' own in it.
  private static func isKubernetes(_ name: String) -> Bool {
    let domain = "kubernetes.io/".utf8
    var rest = name.utf8[...]
    while let start = rest.firstIndex(of: UInt8(ascii: "k")) {
      rest = rest[start...]
      if rest.starts(with: domain) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  static func isHugePages(_ name: String) -> Bool { name.hasPrefix("hugepages-") }

  /// Whether the scheduler counts it beside processors, memory and storage.
  static func isScalar(_ name: String) -> Bool {
    isExtended(name) || isHugePages(name) || name.hasPrefix("attachable-volumes-")
      || isKubernetes(name)
  }

  /// Whether more of it may be requested than there is: not of devices and huge pages.
  static func isOvercommitAllowed(_ name: String) -> Bool { isNative(name) && !isHugePages(name) }
}
