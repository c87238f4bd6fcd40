import Diagnosis
import Foundation
import LabHost
import Testing

extension Outcome {
  /// The report that `up --format json` has printed.
  var report: LabReport {
    get throws {
      do {
        return try JSONDecoder().decode(LabReport.self, from: Data(output.utf8))
      } catch {
        throw Missing("no report (\(error)); status \(status), output:\n\(output)\n\(errors)")
      }
    }
  }

  /// The labs that `status --format json` has printed.
  var labs: [LabStatus] {
    get throws {
      do {
        return try JSONDecoder().decode([LabStatus].self, from: Data(output.utf8))
      } catch {
        throw Missing("no status (\(error)); status \(status), output:\n\(output)\n\(errors)")
      }
    }
  }
}

extension LabReport {
  /// The only machine's verdict.
  var machine: MachineVerdict {
    get throws {
      try #require(machines.count == 1)
      return machines[0]
    }
  }
}

extension MachineVerdict {
  /// Everything that does not hold, for a failed test's message.
  var complaints: Comment {
    let witnesses = witnesses
    let missing = [
      witnesses.wire.missing, witnesses.guest.missing, witnesses.host.missing,
    ].compactMap { $0 }
    let checks = witnesses.wire.failed + witnesses.guest.failed + witnesses.host.failed
    let lines =
      missing + checks.map { "\($0.name): expected \($0.expected), seen \($0.seen ?? "nothing")" }
      + findings.map { "\($0.id): \($0.title)" }
    return Comment(rawValue: lines.joined(separator: "\n"))
  }
}
