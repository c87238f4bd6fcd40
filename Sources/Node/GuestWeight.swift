import Glibc

/// How much each guest of a node weighs, so that all of them together weigh on a processor as much as one
/// program: the network and the servers of a lab must not wait for guests, whose firmware polls.
enum GuestWeight {
  /// The nice value of each guest.
  ///
  /// - Parameters:
  ///   - guests: how many there are.
  ///   - processors: how many processors the node has.
  static func nice(guests: Int, processors: Int) -> Int {
    let crowd = Double(guests) / Double(max(1, processors))
    guard crowd > 1 else { return 0 }
    // Each level weighs a fifth less (kernel/sched/core.c, sched_prio_to_weight).
    return min(19, Int((log(crowd) / log(1.25)).rounded(.up)))
  }
}
