import Testing

@testable import Node

@Suite struct GuestWeightTests {
  @Test(
    "all guests together weigh on a processor as much as one program",
    arguments: [(0, 2, 0), (1, 2, 0), (2, 2, 0), (3, 2, 2), (8, 2, 7), (8, 16, 0), (500, 1, 19)])
  func nice(_ guests: Int, _ processors: Int, _ nice: Int) {
    #expect(GuestWeight.nice(guests: guests, processors: processors) == nice)
  }
}
