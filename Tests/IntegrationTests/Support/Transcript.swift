import Testing

/// What a program has said so far, to be waited on.
actor Transcript {
  /// Bytes, because a piece may end within a character.
  private var bytes: [UInt8] = []
  private var hasEnded = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  var text: String { String(decoding: bytes, as: UTF8.self) }

  func append(_ piece: [UInt8]) {
    bytes += piece
    wake()
  }

  func end() {
    hasEnded = true
    wake()
  }

  /// Returns when `words` have been said, after `offset` characters.
  ///
  /// - Throws: ``Unsaid`` when the program has ended, or the test is cancelled, without them.
  func wait(for words: String, after offset: Int = 0) async throws {
    while !text.dropFirst(offset).contains(words) {
      if hasEnded || Task.isCancelled { throw Unsaid(words: words, transcript: text) }
      await withCheckedContinuation { waiters.append($0) }
    }
  }

  /// Returns when these words have come so many times.
  func wait(for words: String, times: Int) async throws {
    while text.ranges(of: words).count < times {
      if hasEnded || Task.isCancelled { throw Unsaid(words: words, transcript: text) }
      await withCheckedContinuation { waiters.append($0) }
    }
  }

  /// Returns when the program has ended.
  func waitForEnd() async {
    while !hasEnded { await withCheckedContinuation { waiters.append($0) } }
  }

  private func wake() {
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }
}

/// A program ended without saying what was waited for.
struct Unsaid: Error, CustomStringConvertible {
  let words: String
  let transcript: String

  var description: String {
    "\(words.debugDescription) was not said, but this:\n\(transcript)"
  }
}
