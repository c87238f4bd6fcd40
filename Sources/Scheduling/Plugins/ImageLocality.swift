/// Prefers nodes that have the pod's images (pkg/scheduler/framework/plugins/imagelocality).
struct ImageLocality: Score {
  let name = "ImageLocality"
  let weight: Int64 = 1

  private static let mebibyte: Int64 = 1 << 20

  private let images: [String]
  private let counts: [String: Int]
  private let nodeCount: Int

  init(_ pod: Pod, in snapshot: Snapshot) {
    images = snapshot.imageCounts.isEmpty ? [] : pod.images
    counts = snapshot.imageCounts
    nodeCount = snapshot.nodes.count
  }

  func score(of index: Int, _ state: Snapshot.NodeState) -> Int64 {
    guard !images.isEmpty else { return 0 }
    let sum = images.reduce(Int64(0)) { sum, image in
      guard let size = state.node.images[image] else { return sum }
      let spread = Double(counts[image] ?? 0) / Double(nodeCount)
      return sum + Int64(Double(size) * spread)
    }
    let least = 23 * Self.mebibyte
    let most = 1000 * Self.mebibyte * Int64(images.count)
    return 100 * (min(max(sum, least), most) - least) / (most - least)
  }
}
