/// Does something with each element, with two at a time.
func twoAtATime<Element: Sendable>(
  _ elements: [Element], _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    for (index, element) in elements.enumerated() {
      if index >= 2 { try await group.next() }
      group.addTask { try await body(element) }
    }
    try await group.waitForAll()
  }
}

extension Array {
  /// The elements in order, so many at a time: a test has time for so many.
  func portions(of count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map { start in
      Array(self[start..<Swift.min(start + count, self.count)])
    }
  }
}
