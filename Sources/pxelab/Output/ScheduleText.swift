import Objects
import Planning
import Scheduling

/// Placements for people.
struct ScheduleText {
  private let run: ScheduleRun
  private let isExplained: Bool

  init(_ run: ScheduleRun, isExplained: Bool) {
    self.run = run
    self.isExplained = isExplained
  }

  var text: String {
    var table = Table(["MACHINE", "NODE", "OTHERS AS GOOD"])
    guard isExplained else {
      for result in run.results {
        table.add([
          title(result), result.node ?? "-",
          result.message ?? result.ties.dropFirst().joined(separator: ", "),
        ])
      }
      return table.text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }
    return run.results.map(explanation).joined(separator: "\n")
  }

  private func title(_ result: ScheduleRun.Result) -> String {
    "\(result.namespace)/\(result.name)"
  }

  private func explanation(_ result: ScheduleRun.Result) -> String {
    var lines: [String] = []
    if let node = result.node {
      let others = result.ties.dropFirst()
      lines.append(
        "\(title(result)): \(node)"
          + (others.isEmpty ? "" : " (as good: \(others.joined(separator: ", ")))"))
    } else {
      lines.append("\(title(result)): no node: \(result.message ?? "")")
    }
    if let pod = result.waitingPod {
      lines += MissingLabels(of: pod, on: run.nodes, obsolete: run.obsoleteModels).reasons.map {
        "  \($0)"
      }
    }
    guard let placement = result.placement, placement.preFilter == nil else {
      return lines.joined(separator: "\n")
    }
    let width = run.nodeNames.map(\.count).max() ?? 0
    var place = 0
    for (name, rejection) in zip(run.nodeNames, placement.rejections) {
      let start = "  \(name)\(String(repeating: " ", count: width - name.count))  "
      if let rejection {
        lines.append(
          start + "no: \(rejection.plugin): \(rejection.reasons.joined(separator: ", "))")
        continue
      }
      lines.append(start + scores(placement, place))
      place += 1
    }
    return lines.joined(separator: "\n")
  }

  private func scores(_ placement: Placement, _ place: Int) -> String {
    guard !placement.totals.isEmpty else { return "the only one" }
    let parts = placement.scores.map { "\($0.weight) * \($0.scores[place]) \($0.plugin)" }
    return "\(placement.totals[place]) = \(parts.joined(separator: " + "))"
  }

  // MARK: - Recorded cases

  static func text(_ agreement: Recording.Agreement, file: String) -> String {
    let head =
      "\(file): \(agreement.topic): \(agreement.agreeing) of \(agreement.cases) cases agree"
    let lines = agreement.differences.flatMap { difference in
      let release = difference.release.isEmpty ? "" : " (\(difference.release))"
      return [
        "  \(difference.name)\(release): \(difference.field)",
        "    recorded: \(difference.recorded)", "    computed: \(difference.computed)",
      ]
    }
    return ([head] + lines).joined(separator: "\n")
  }

  static func tree(_ agreement: Recording.Agreement, file: String) -> ObjectNode {
    [
      "file": .text(file), "topic": .text(agreement.topic), "cases": .integer(agreement.cases),
      "agreeing": .integer(agreement.agreeing),
      "differences": .sequence(
        agreement.differences.map { difference in
          [
            "name": .text(difference.name), "release": .text(difference.release),
            "field": .text(difference.field), "recorded": .text(difference.recorded),
            "computed": .text(difference.computed),
          ]
        }),
    ]
  }
}
