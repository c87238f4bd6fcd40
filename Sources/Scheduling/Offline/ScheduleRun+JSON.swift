import Objects

extension ScheduleRun {
  /// All results as JSON: `{"machines": […]}`.
  package var tree: ObjectNode {
    ["machines": .sequence(results.map { tree($0) })]
  }

  private func tree(_ result: Result) -> ObjectNode {
    [
      "name": .text(result.name), "namespace": .text(result.namespace),
      "node": result.node.map { .text($0) } ?? .null,
      "ties": .sequence(result.ties.map { .text($0) }),
      "message": result.message.map { .text($0) } ?? .null,
      "nodes": verdicts(result.placement),
    ]
  }

  private func verdicts(_ placement: Placement?) -> ObjectNode {
    guard let placement, placement.preFilter == nil else { return .mapping() }
    let scores =
      placement.totals.isEmpty
      ? [:]
      : Dictionary(
        uniqueKeysWithValues: placement.candidates.enumerated().map { ($1, $0) })
    return ObjectNode(
      .mapping(
        zip(nodeNames, placement.rejections).enumerated().map { index, pair in
          let (name, rejection) = pair
          if let rejection {
            return ObjectNode.Entry(
              key: name,
              value: [
                "ok": false, "plugin": .text(rejection.plugin),
                "code": .text(rejection.code.rawValue),
                "reasons": .sequence(rejection.reasons.map { .text($0) }),
              ])
          }
          guard let place = scores[index] else {
            return ObjectNode.Entry(key: name, value: ["ok": true])
          }
          let plugins = placement.scores.map {
            ObjectNode.Entry(key: $0.plugin, value: .integer(Int($0.scores[place])))
          }
          return ObjectNode.Entry(
            key: name,
            value: [
              "ok": true, "score": .integer(Int(placement.totals[place])),
              "scores": ObjectNode(.mapping(plugins)),
            ])
        }))
  }
}
