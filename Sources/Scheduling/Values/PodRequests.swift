import KubeVirt

/// What the containers of a pod request together (component-helpers, resource/helpers.go,
/// PodRequests).
struct PodRequests {
  private let spec: APIValue

  init(_ spec: APIValue) { self.spec = spec }

  /// The sum: containers and sidecars together, or the init container that needs most beside the
  /// sidecars before it, and the overhead; what the pod itself requests replaces its containers'.
  ///
  /// - Parameter missing: what a container counts that requests none, by resource.
  func total(missing: [String: Int64] = [:]) -> ResourceAmounts {
    var sum = ResourceAmounts()
    var sidecars = ResourceAmounts()
    var step = ResourceAmounts()
    for container in spec["containers"].items { sum += amounts(container, missing) }
    for container in spec["initContainers"].items {
      var own = amounts(container, missing)
      if container["restartPolicy"].string == "Always" {
        sum += own
        sidecars += own
        own = sidecars
      } else {
        own += sidecars
      }
      step.raise(to: own)
    }
    sum.raise(to: step)
    for entry in spec["resources"]["requests"].node?.entries ?? [] {
      guard entry.key == "cpu" || entry.key == "memory" || ResourceName.isHugePages(entry.key),
        let quantity = APIValue(entry.value).quantity
      else { continue }
      sum[entry.key] = ResourceAmounts.amount(of: entry.key, quantity)
    }
    sum += ResourceAmounts(spec["overhead"])
    return sum
  }

  private func amounts(_ container: APIValue, _ missing: [String: Int64]) -> ResourceAmounts {
    let requests = container["resources"]["requests"]
    var amounts = ResourceAmounts(requests)
    for (name, amount) in missing where !requests[name].exists { amounts[name] = amount }
    return amounts
  }
}

extension ResourceAmounts {
  /// Takes the larger amount of each resource.
  fileprivate mutating func raise(to other: ResourceAmounts) {
    milliCPU = max(milliCPU, other.milliCPU)
    memory = max(memory, other.memory)
    ephemeralStorage = max(ephemeralStorage, other.ephemeralStorage)
    for (name, amount) in other.scalars { scalars[name] = max(scalars[name] ?? 0, amount) }
  }
}
