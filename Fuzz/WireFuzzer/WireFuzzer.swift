import Diagnosis
import PXEWire

/// Frames, each with two octets of its length and one of the milliseconds before it, followed by the
/// tracker.
@_cdecl("LLVMFuzzerTestOneInput")
public func follow(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = UnsafeRawBufferPointer(start: bytes, count: count)
  var tracker = WireTracker()
  var time: Int64 = 1_000_000_000
  var number = 0
  var offset = 0
  while offset + 3 <= count {
    let length = min(Int(input[offset]) << 8 | Int(input[offset + 1]), count - offset - 3)
    time += Int64(input[offset + 2]) * 10_000_000
    offset += 3
    number += 1
    let part = UnsafeRawBufferPointer(rebasing: input[offset..<offset + length])
    offset += length
    guard let frame = try? Frame(decoding: part) else { continue }
    for event in tracker.observe(frame, at: Timestamp(nanoseconds: time), number: number) {
      precondition(event.text.utf8.count < 16384)
    }
  }
  for event in tracker.advance(to: Timestamp(nanoseconds: time + 60_000_000_000)) {
    precondition(event.text.utf8.count < 16384)
  }
  for trace in tracker.clients.values {
    _ = (trace.bootFile, trace.bootServers, trace.leased, trace.vlans)
    for transfer in trace.transfers { precondition(transfer.bytes >= 0) }
    for transfer in trace.httpTransfers { precondition(transfer.bytes >= 0) }
  }
  return 0
}
