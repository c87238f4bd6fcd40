import Diagnosis
import DomainXML
import LabHost

/// What became of one lab of `pxelab test`.
struct LabResult: Sendable {
  let path: String
  var report: LabReport?
  var failure: Failure?
  var seconds: Double = 0

  init(path: String) {
    self.path = path
  }

  /// One machine's row: its verdict in a word or two, and why it is not as expected.
  struct Row: Sendable {
    var machine: String
    var word: String
    var failure: String?
  }

  /// One row for each machine; one for the lab itself when it could not be judged.
  var cases: [Row] {
    guard let report else {
      return [Row(machine: "-", word: "fail", failure: failure?.description ?? "not judged")]
    }
    return report.machines.map { machine in
      guard let expected = machine.expectedFinding else {
        let passes = machine.verdict == .pass
        return Row(
          machine: machine.name, word: machine.verdict.rawValue,
          failure: passes ? nil : VerdictText.reasons(machine))
      }
      if machine.isAsExpected {
        return Row(machine: machine.name, word: "\(expected), as expected", failure: nil)
      }
      return Row(
        machine: machine.name, word: "not \(expected)",
        failure: "\(expected) was expected first; " + VerdictText.reasons(machine))
    }
  }
}

/// The JUnit XML that CI systems read.
struct JUnitReport {
  /// The document.
  let xml: String

  init(_ results: [LabResult]) {
    self.init(
      suites: results.map { result in
        let time = result.seconds.text(decimals: 3)
        return Self.suite(
          result.path, time: time,
          cases: result.cases.map { row in
            Self.testCase(
              row.machine, of: result.path, time: time,
              failure: row.failure.map { text in
                (message: String(text.prefix { $0 != "\n" }), text: text)
              })
          })
      })
  }

  /// A capture: a case for each client, which fails with the errors found of it, or with what is known
  /// of its end when nothing proves that it booted.
  init(_ report: DiagnosisReport, name: String) {
    let errors = report.findings.filter { $0.severity == .error }
    let known = Set(report.clients.map(\.mac))
    let others = errors.filter { finding in finding.mac.map { !known.contains($0) } ?? true }
    var cases = report.clients.map { client in
      let own = report.findings.filter { $0.mac == client.mac }
      return ("\(client.mac)", client.outcome == .unknown ? own : errors.filter(own.contains))
    }
    cases += others.map { ($0.mac.map { "\($0)" } ?? "-", [$0]) }
    let plain = Terminal(isInteractive: false, hasColour: false)
    self.init(suites: [
      Self.suite(
        name, time: "0.000",
        cases: cases.map { client, findings in
          let text = findings.flatMap { FindingText($0, terminal: plain).lines }
            .joined(separator: "\n")
          return Self.testCase(
            client, of: name, time: "0.000",
            failure: findings.first.map { (message: "\($0.id) \($0.title)", text: text) })
        })
    ])
  }

  private init(suites: [XMLElement]) {
    xml =
      #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n" + XMLElement("testsuites", suites).xml()
  }

  private static func suite(_ name: String, time: String, cases: [XMLElement]) -> XMLElement {
    let failures = cases.count { $0.first("failure") != nil }
    return XMLElement(
      "testsuite",
      ["name": name, "tests": "\(cases.count)", "failures": "\(failures)", "time": time], cases)
  }

  private static func testCase(
    _ name: String, of suite: String, time: String, failure: (message: String, text: String)?
  ) -> XMLElement {
    let failure = failure.map {
      XMLElement("failure", ["message": $0.message], text: $0.text)
    }
    return XMLElement(
      "testcase", ["name": name, "classname": suite, "time": time],
      [failure].compactMap { $0 })
  }
}
