/// The known name that a misspelt one most likely stands for; `nil` when none is near.
///
/// Near means equal but for case, or at most a third of the letters (and at most 3) edited.
package func nearest(to name: String, among known: some Swift.Sequence<String>) -> String? {
  let letters = Array(name.lowercased().utf8.prefix(64))
  var best: (name: String, distance: Int)?
  for candidate in known {
    let target = Array(candidate.lowercased().utf8)
    let limit = min(3, max(1, target.count / 3))
    guard abs(target.count - letters.count) <= limit else { continue }
    let distance = editDistance(letters, target)
    guard distance <= limit else { continue }
    if let current = best, (current.distance, current.name) <= (distance, candidate) { continue }
    best = (candidate, distance)
  }
  return best?.name
}

/// Insertions, deletions, replacements and swaps of neighbours that turn one word into another
/// (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for (row, letter) in left.enumerated() {
    var current = [row + 1]
    for (column, other) in right.enumerated() {
      var cost = min(last[column + 1] + 1, current[column] + 1)
      cost = min(cost, last[column] + (letter == other ? 0 : 1))
      if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
        cost = min(cost, beforeLast[column - 1] + 1)
      }
      current.append(cost)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
