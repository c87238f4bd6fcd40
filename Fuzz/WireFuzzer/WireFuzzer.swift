import Diagnosis
import PXEWire

/// Frames, each with two octets of its length and one of the milliseconds before it, followed and
/// judged: once as they are, with the fast path, and once decoded, without it.
@_cdecl("LLVMFuzzerTestOneInput")
public func follow(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = UnsafeRawBufferPointer(start: bytes, count: count)
  var follower = CaptureFollower()
  var decoding = CaptureFollower()
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
    let now = Timestamp(nanoseconds: time)
    let events = follower.take(part, linkType: .ethernet, at: now, number: number)
    check(events)
    let expected = decoding.take(try? Frame(decoding: part), at: now, number: number)
    precondition(events == expected, "the fast path tells of other events")
  }
  let report = follower.report()
  precondition(report == decoding.report(), "the fast path leads to another report")
  check(follower.advance(to: Timestamp(nanoseconds: time + 60_000_000_000)))
  let trackers = [follower.tracker] + follower.tunnelled
  for trace in trackers.flatMap(\.clients.values) {
    _ = (trace.bootFile, trace.bootServers, trace.leased, trace.vlans)
    for transfer in trace.transfers { precondition(transfer.bytes >= 0) }
    for transfer in trace.httpTransfers { precondition(transfer.bytes >= 0) }
  }
  return 0
}

private func check(_ events: [WireEvent]) {
  for event in events { precondition(event.text.utf8.count < 16384) }
}
