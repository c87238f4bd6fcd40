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

  /// One row for each machine; one for the lab itself when it could not be judged.
  var cases: [(machine: String, failure: String?)] {
    guard let report else { return [("-", failure?.description ?? "not judged")] }
    return report.machines.map { machine in
      (machine.name, machine.verdict == .pass ? nil : VerdictText.reasons(machine))
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

    static func nodeEncoding(for key: any CodingKey) -> XMLEncoder.NodeEncoding {
      key.stringValue == "message" ? .attribute : .element
    }
  }

  /// The document.
  let xml: String

  init(_ results: [LabResult]) throws {
    let suites = Suites(
      testsuite: results.map { result in
        let time = String(format: "%.3f", result.seconds)
        return Suite(
          name: result.path, tests: result.cases.count,
          failures: result.cases.count { $0.failure != nil }, time: time,
          testcase: result.cases.map { row in
            Case(
              name: row.machine, classname: result.path, time: time,
              failure: row.failure.map { text in
                Message(message: String(text.prefix { $0 != "\n" }), text: text)
              })
          })
      })
    let encoder = XMLEncoder()
    encoder.outputFormatting = .prettyPrinted
    let data = try encoder.encode(
      suites, withRootKey: "testsuites", header: XMLHeader(version: 1.0, encoding: "UTF-8"))
    xml = String(decoding: data, as: UTF8.self) + "\n"
  }
}
