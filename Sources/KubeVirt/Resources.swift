/// `domain.memory` and `domain.resources`.
public struct Resources: Hashable, Sendable {
  /// `memory.guest`: what the guest sees.
  public var guestMemory: Quantity?
  /// `memory.hugepages.pageSize`.
  public var hugepageSize: Quantity?
  /// `resources.requests.memory`.
  public var requestedMemory: Quantity?
  /// `resources.limits.memory`.
  public var memoryLimit: Quantity?
  /// `resources.requests.cpu`.
  public var requestedCPU: Quantity?
  /// `resources.limits.cpu`.
  public var cpuLimit: Quantity?

  /// Resources.
  public init(
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
  public var memoryBytes: Int64? {
    (guestMemory ?? requestedMemory ?? memoryLimit ?? hugepageSize)?.value
  }
}
