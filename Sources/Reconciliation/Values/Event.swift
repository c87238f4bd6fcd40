import Objects

/// Something that people are told of an object (core/v1 `Event`).
package struct Event: Equatable, Sendable {
  /// The object that it is about.
  package var regarding: ObjectNode
  /// Whether it is a `Warning`, else `Normal`.
  package var isWarning: Bool
  /// The reason in one word: `SuccessfulCreate`.
  package var reason: String
  /// The sentence; what is beyond 1024 bytes is cut off.
  package var message: String
  /// Who says so: `virtualmachine-controller`.
  package var source: String

  /// Something that is told of an object.
  package init(
    _ regarding: ObjectNode, _ reason: String, _ message: String, isWarning: Bool = false,
    from source: String
  ) {
    self.regarding = [
      "apiVersion": regarding["apiVersion"] ?? "v1", "kind": .text(regarding.kind),
      "name": .text(regarding.name), "uid": .text(regarding.uid),
    ]
    if let namespace = regarding["metadata", "namespace"] {
      self.regarding["namespace"] = namespace
    }
    self.isWarning = isWarning
    self.reason = reason
    self.message = message.cut(toBytes: 1024)
    self.source = source
  }

  /// The key of its object: the same for the same event, so that one that comes again is counted.
  package var key: ObjectKey {
    let name = regarding["name"]?.string ?? ""
    let parts = [
      regarding["uid"]?.string ?? "", regarding["kind"]?.string ?? "", name, reason, message,
      source,
      isWarning ? "Warning" : "Normal",
    ]
    return ObjectKey(
      .events, namespace: regarding["namespace"]?.string ?? ObjectKey.defaultNamespace,
      name: "\(name).\(parts.joined(separator: "\u{0}").digest)")
  }

  /// The change that tells it: a new object, or one more of the one that is there.
  package func change(in snapshot: any Snapshot, at now: Timestamp) -> Change {
    if var event = snapshot.object(key) {
      event["count"] = .integer((event["count"]?.integer ?? 1) &+ 1)
      event["lastTimestamp"] = .text("\(now)")
      return .update(key, event)
    }
    return .create(
      key,
      [
        "apiVersion": "v1", "kind": "Event", "metadata": .mapping(), "involvedObject": regarding,
        "reason": .text(reason), "message": .text(message),
        "type": .text(isWarning ? "Warning" : "Normal"), "source": ["component": .text(source)],
        "firstTimestamp": .text("\(now)"), "lastTimestamp": .text("\(now)"), "count": 1,
        "reportingComponent": .text(source), "reportingInstance": "",
      ])
  }
}

extension String {
  /// Sixteen hexadecimal digits that tell texts apart (FNV-1a, 64 bits).
  var digest: String {
    let value = utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(byte)) &* 0x0100_0000_01b3
    }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// At most so many bytes of UTF-8, ` ...` at the end where some are left out.
  fileprivate func cut(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    let ending = " ..."
    var end = utf8.index(startIndex, offsetBy: limit - ending.utf8.count)
    while end.samePosition(in: unicodeScalars) == nil { utf8.formIndex(before: &end) }
    return self[..<end] + ending
  }
}
