/// Finds keys that stand twice in a mapping.
struct KeyComparison {
  let records: [DocumentTree.Record]
  let texts: [UInt8]

  /// The first key, in the order of the file, whose text another one before it has.
  func duplicate(among keys: [Int]) -> Int? {
    texts.withUnsafeBufferPointer { texts in
      records.withUnsafeBufferPointer { records in
        func text(_ key: Int) -> UnsafeBufferPointer<UInt8> {
          let start = Int(records[key].start)
          return UnsafeBufferPointer(rebasing: texts[start..<start + Int(records[key].count)])
        }
        if keys.count <= 16 {
          for (position, key) in keys.enumerated() {
            let count = records[key].count
            for other in keys[..<position]
            where records[other].count == count && text(other).elementsEqual(text(key)) {
              return key
            }
          }
          return nil
        }
        // By text, equal ones in the order of the file: large mappings take no quadratic time.
        let sorted = keys.sorted { left, right in
          let (a, b) = (text(left), text(right))
          if a.lexicographicallyPrecedes(b) { return true }
          return a.elementsEqual(b) && left < right
        }
        var first: Int?
        for (one, next) in zip(sorted, sorted.dropFirst())
        where text(one).elementsEqual(text(next)) {
          first = min(first ?? next, next)
        }
        return first
      }
    }
  }
}
