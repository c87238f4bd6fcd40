import Control
import Diagnosis
import Foundation
import XMLCoder

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
  private struct Suites: Encodable {
    var testsuite: [Suite]
  }

  private struct Suite: Encodable, DynamicNodeEncoding {
    var name: String
    var tests: Int
    var failures: Int
    var time: String
    var testcase: [Case]

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
      key.stringValue == "testcase" ? .element : .attribute
    }
  }

  private struct Case: Encodable, DynamicNodeEncoding {
    var name: String
    var classname: String
    var time: String
    var failure: Message?

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
      key.stringValue == "failure" ? .element : .attribute
    }
  }

  private struct Message: Encodable, DynamicNodeEncoding {
    var message: String
    var text: String

    enum CodingKeys: String, CodingKey {
      case message
      case text = ""
    }

    init(message: String, text: String) {
      self.message = message
      self.text = text
    }

    /// A text whose first line is the message.
    init(_ text: String) {
      self.init(message: String(text.prefix { $0 != "\n" }), text: text)
    }

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
      key.stringValue == "message" ? .attribute : .element
    }
  }

  /// The document.
  let xml: String

  init(_ results: [LabResult]) throws {
    try self.init(
      results.map { result in
        let time = String(format: "%.3f", result.seconds)
        return Suite(
          name: result.path, tests: result.cases.count,
          failures: result.cases.count { $0.failure != nil }, time: time,
          testcase: result.cases.map { row in
            Case(
              name: row.machine, classname: result.path, time: time,
              failure: row.failure.map(Message.init))
          })
      })
  }

  /// A capture: a case for each client, which fails with the errors found of it, or with what is known
  /// of its end when nothing proves that it booted.
  init(_ report: DiagnosisReport, name: String) throws {
    let errors = report.findings.filter { $0.severity == .error }
    let known = Set(report.clients.map(\.mac))
    let others = errors.filter { finding in finding.mac.map { !known.contains($0) } ?? true }
    var cases = report.clients.map { client in
      let own = report.findings.filter { $0.mac == client.mac }
      return ("\(client.mac)", client.outcome == .unknown ? own : errors.filter(own.contains))
    }
    cases += others.map { ($0.mac.map { "\($0)" } ?? "-", [$0]) }
    let plain = Terminal(isInteractive: false, hasColour: false)
    try self.init([
      Suite(
        name: name, tests: cases.count, failures: cases.count { !$0.1.isEmpty }, time: "0.000",
        testcase: cases.map { client, findings in
          let text = findings.flatMap { FindingText($0, terminal: plain).lines }
            .joined(separator: "\n")
          return Case(
            name: client, classname: name, time: "0.000",
            failure: findings.first.map {
              Message(message: "\($0.id) \($0.title)", text: text)
            })
        })
    ])
  }

  private init(_ suites: [Suite]) throws {
    let encoder = XMLEncoder()
    encoder.outputFormatting = .prettyPrinted
    let data = try encoder.encode(
      Suites(testsuite: suites), withRootKey: "testsuites",
      header: XMLHeader(version: 1.0, encoding: "UTF-8"))
    xml = String(decoding: data, as: UTF8.self) + "\n"
  }
}
