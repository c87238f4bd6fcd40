import FileSystem

/// Writes on their way into the log together, and the tasks that wait for them.
struct Commit {
  /// What a waiting task has to do.
  enum Turn: Sendable {
    /// Write this commit.
    case lead
    /// Nothing: it is written, or not.
    case done(Result<Void, StoreError>)
  }

  var changes: [Change] = []
  var records: [UInt8] = []
  var waiters: [CheckedContinuation<Turn, Never>] = []
}

/// Group commit: while one commit is on its way to the disk, the next one gathers. Its first
/// waiting task writes it then, so no task is started that nobody waits for.
extension Store {
  /// The tasks that wait for a commit that is not yet on its way.
  var waitingWriters: Int { commits.reduce(0) { $0 + $1.waiters.count } }

  func enqueue(_ changes: [Change], _ records: [UInt8]) {
    let isFull = commits.last.map { $0.records.count + records.count > limits.batchBytes } ?? true
    if isFull { commits.append(Commit()) }
    commits[commits.count - 1].changes += changes
    if !commits[commits.count - 1].records.isEmpty {
      commits[commits.count - 1].records.append(UInt8(ascii: ","))
    }
    commits[commits.count - 1].records += records
  }

  /// Returns when all that is staged may be seen.
  ///
  /// - Throws: ``StoreError/notWritten(_:)``; then what was staged is undone.
  func commit() async throws(StoreError) {
    if isCommitting {
      if commits.isEmpty { commits.append(Commit()) }
      let turn = await withCheckedContinuation { continuation in
        commits[commits.count - 1].waiters.append(continuation)
      }
      if case .done(let result) = turn { return try result.get() }
    }
    guard !commits.isEmpty else {
      isCommitting = false
      return
    }
    isCommitting = true
    let commit = commits.removeFirst()
    let result = await write(commit)
    for waiter in commit.waiters { waiter.resume(returning: .done(result)) }
    if case .success = result, !commit.changes.isEmpty { await compact() }
    handOver()
    try result.get()
  }

  private func write(_ commit: Commit) async -> Result<Void, StoreError> {
    if let log, !commit.changes.isEmpty {
      do {
        try await log.append(LogRecord.payload("changes", commit.records))
      } catch {
        let failure = StoreError.notWritten(error.description)
        undo(failure)
        return .failure(failure)
      }
    }
    for change in commit.changes { visible.apply(change) }
    feed.publish(commit.changes)
    return .success(())
  }

  /// Nothing that is staged happens: all of it was judged by what could not be written.
  private func undo(_ failure: StoreError) {
    staged = visible
    let undone = commits
    commits = []
    for commit in undone {
      for waiter in commit.waiters { waiter.resume(returning: .done(.failure(failure))) }
    }
  }

  private func compact() async {
    do {
      try await log?.compact(visible)
      compactionFailure = nil
    } catch {
      compactionFailure = error.description
    }
  }

  /// The next commit is written by the first task that waits for it.
  private func handOver() {
    guard let index = commits.firstIndex(where: { !$0.waiters.isEmpty }), index == 0 else {
      isCommitting = false
      return
    }
    commits[0].waiters.removeFirst().resume(returning: .lead)
  }
}
