/// `domain.memory` and `domain.resources`.
package struct Resources: Hashable, Sendable {
  /// `memory.guest`: what the guest sees.
  package var guestMemory: Quantity?
  /// `memory.hugepages.pageSize`.
  package var hugepageSize: Quantity?
  /// `resources.requests.memory`.
  package var requestedMemory: Quantity?
  /// `resources.limits.memory`.
  package var memoryLimit: Quantity?
  /// `resources.requests.cpu`.
  package var requestedCPU: Quantity?
  /// `resources.limits.cpu`.
  package var cpuLimit: Quantity?

  /// Resources.
  package init(
    guestMemory: Quantity? = nil, hugepageSize: Quantity? = nil, requestedMemory: Quantity? = nil,
    memoryLimit: Quantity? = nil, requestedCPU: Quantity? = nil, cpuLimit: Quantity? = nil
  ) {
    self.guestMemory = guestMemory
    self.hugepageSize = hugepageSize
    self.requestedMemory = requestedMemory
    self.memoryLimit = memoryLimit
    self.requestedCPU = requestedCPU
    self.cpuLimit = cpuLimit
  }

  /// The guest's memory in bytes: guest, else requests, else limits, else one huge page; `nil`
  /// when none is set.
  package var memoryBytes: Int64? {
    (guestMemory ?? requestedMemory ?? memoryLimit ?? hugepageSize)?.value
  }
}
