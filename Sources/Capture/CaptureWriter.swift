import CaptureFile
import Glibc
import PXEWire
import Synchronization

/// Writes packets to a pcapng file with times in nanoseconds.
///
/// The file is whole after every ``flush()``; what one writes with a crash in between lacks the last
/// packets, and readers say so.
package final class CaptureWriter: Sendable {
  private struct State {
    var encoder: PcapngEncoder
    var descriptor: Int32
    var failure: CaptureError?
    /// Bytes in the file.
    var written = 0
  }

  /// A bound on what is kept: two files, of which the newer is written.
  package struct Rotation: Sendable, Hashable {
    /// The size at which the file is put aside, in bytes.
    package var size: Int
    /// What it is called then, in the place of the one before.
    package var earlier: String

    /// A bound.
    package init(size: Int, earlier: String) {
      self.size = size
      self.earlier = earlier
    }
  }

  private let file: String
  private let interfaces: [CaptureInterface]
  private let filter: CaptureFilter?
  private let comment: String?
  private let rotation: Rotation?
  private let state: Mutex<State>
  /// Bytes that are worth a call of the system.
  private static let batch = 64 << 10

  /// Makes the file, or empties an existing one; readable by its owner alone.
  ///
  /// - Parameters:
  ///   - file: its path; `-` is standard output.
  ///   - interfaces: whose packets there will be, by number.
  ///   - filter: what all of them were filtered by.
  ///   - comment: what the capture is of.
  ///   - rotation: how much is kept; everything without it.
  /// - Throws: `CaptureError` when it cannot be made.
  package init(
    file: String, interfaces: [CaptureInterface], filter: CaptureFilter? = nil,
    comment: String? = nil, rotation: Rotation? = nil
  ) throws(CaptureError) {
    self.file = file
    self.interfaces = interfaces
    self.filter = filter
    self.comment = comment
    self.rotation = rotation
    state = Mutex(
      State(
        encoder: Self.encoder(interfaces, filter, comment), descriptor: try Self.open(file),
        failure: nil))
  }

  private static func open(_ file: String) throws(CaptureError) -> Int32 {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    let descriptor = file == "-" ? dup(STDOUT_FILENO) : Glibc.open(file, flags, 0o600)
    guard descriptor >= 0 else { throw CaptureError(writing: file, errno) }
    return descriptor
  }

  private static func encoder(
    _ interfaces: [CaptureInterface], _ filter: CaptureFilter?, _ comment: String?
  ) -> PcapngEncoder {
    var encoder = PcapngEncoder(.ofThisMachine(comment: comment))
    for interface in interfaces { encoder.describe(interface, filter: filter?.expression) }
    return encoder
  }

  deinit {
    state.withLock { state in
      if state.descriptor >= 0 { Glibc.close(state.descriptor) }
    }
  }

  /// Appends a packet; it reaches the file at the next flush, or when there is enough to write.
  ///
  /// - Throws: `CaptureError` when the writer is closed or the disk is full.
  package func write(
    _ packet: CapturedPacket, interface: Int = 0, comments: [String] = []
  ) throws(CaptureError) {
    let time = packet.time
    let length = packet.originalLength
    let bytes = packet.bytes
    try withState { state throws(CaptureError) in
      state.encoder.add(
        time, originalLength: length, bytes: bytes, interface: interface, comments: comments)
      if state.encoder.bytes.count >= Self.batch { try flush(&state) }
    }
  }

  /// Gives addresses names, in the order of the file.
  ///
  /// - Throws: `CaptureError` when the writer is closed.
  package func name(_ names: [CaptureName]) throws(CaptureError) {
    guard !names.isEmpty else { return }
    try withState { state throws(CaptureError) in state.encoder.name(names) }
  }

  /// Says what an interface has counted between two times.
  ///
  /// - Throws: `CaptureError` when the writer is closed.
  package func count(
    _ statistics: CaptureStatistics, interface: Int, from start: Timestamp, to end: Timestamp
  ) throws(CaptureError) {
    try withState { state throws(CaptureError) in
      state.encoder.count(
        interface: interface, from: start, to: end, received: statistics.received,
        dropped: statistics.dropped, droppedByInterface: statistics.droppedByInterface)
    }
  }

  /// Hands what was written to the kernel, so that others can read the file as far as it goes.
  ///
  /// - Throws: `CaptureError` when the writer is closed or the disk is full.
  package func flush() throws(CaptureError) {
    try withState { state throws(CaptureError) in try flush(&state) }
  }

  /// Flushes and closes; closing twice is fine.
  ///
  /// - Throws: `CaptureError` when the last of it could not be written.
  package func close() throws(CaptureError) {
    let failure: CaptureError? = state.withLock { state in
      guard state.descriptor >= 0 else { return nil }
      defer {
        Glibc.close(state.descriptor)
        state.descriptor = -1
      }
      do throws(CaptureError) {
        try flush(&state)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  private func withState(
    _ body: (inout State) throws(CaptureError) -> Void
  ) throws(CaptureError) {
    let failure: CaptureError? = state.withLock { state in
      guard state.descriptor >= 0 else {
        return CaptureError(source: file, operation: .write, reason: "closed")
      }
      // A file that lacks a part is not written on: what follows could not be read.
      if let failure = state.failure { return failure }
      do throws(CaptureError) {
        try body(&state)
        return nil
      } catch {
        state.failure = error
        return error
      }
    }
    if let failure { throw failure }
  }

  private func flush(_ state: inout State) throws(CaptureError) {
    let error = state.encoder.bytes.withUnsafeBytes { bytes -> Int32 in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = Glibc.write(state.descriptor, part.baseAddress, part.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
    guard error == 0 else { throw CaptureError(writing: file, error) }
    state.written += state.encoder.bytes.count
    state.encoder.bytes.removeAll(keepingCapacity: true)
    if let rotation, state.written >= rotation.size { try begin(anew: &state, rotation) }
  }

  private func begin(anew state: inout State, _ rotation: Rotation) throws(CaptureError) {
    guard rename(file, rotation.earlier) == 0 else {
      throw CaptureError(writing: rotation.earlier, errno)
    }
    let descriptor = try Self.open(file)
    Glibc.close(state.descriptor)
    state.descriptor = descriptor
    state.written = 0
    state.encoder = Self.encoder(interfaces, filter, comment)
  }
}

extension CaptureError {
  init(writing file: String, _ number: Int32) {
    self.init(
      source: file, operation: .write, reason: String(cString: strerror(number)))
  }
}

extension PcapngEncoder.Origin {
  /// A capture that pxelab makes on this machine.
  static func ofThisMachine(comment: String?) -> PcapngEncoder.Origin {
    var name = utsname()
    guard uname(&name) == 0 else {
      return PcapngEncoder.Origin(application: "pxelab", comment: comment)
    }
    return PcapngEncoder.Origin(
      hardware: text(&name.machine),
      operatingSystem: "\(text(&name.sysname)) \(text(&name.release))", application: "pxelab",
      comment: comment)
  }

  private static func text<Characters>(_ characters: inout Characters) -> String {
    withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
