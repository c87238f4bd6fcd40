import Addresses
import PXEWire
import Testing

@testable import Diagnosis

/// Of an HTTPS boot the wire shows how much came; what it was is the server's word.
@Suite struct HTTPSWitnessTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The server's log of the connection; `nil` without a log.
    var log: [(method: String, path: String, status: Int)]? = nil
    var isOfAnotherConnection = false
    var size: Int? = nil
    var holds: Bool
    var says: String
    var finding: String? = nil
  }

  static let cases: [Case] = [
    Case(testDescription: "the wire alone", holds: true, says: "bytes over TLS from 192.168.77.1"),
    Case(testDescription: "more than came", size: 1 << 24, holds: false, says: "bytes over TLS"),
    Case(
      testDescription: "the log has it",
      log: [("HEAD", "/quiet.efi", 200), ("GET", "/quiet.efi", 200)], holds: true,
      says: "by the server's log HEAD /quiet.efi 200, GET /quiet.efi 200"),
    Case(
      testDescription: "its size alone was asked for", log: [("HEAD", "/quiet.efi", 200)],
      holds: false, says: "by the server's log HEAD /quiet.efi 200"),
    Case(
      testDescription: "another file", log: [("GET", "/other.efi", 200)], holds: false,
      says: "by the server's log GET /other.efi 200"),
    Case(
      testDescription: "no such file", log: [("HEAD", "/quiet.efi", 404)], holds: false,
      says: "by the server's log HEAD /quiet.efi 404", finding: "PXL037"),
    Case(
      testDescription: "another client's", log: [("GET", "/quiet.efi", 200)],
      isOfAnotherConnection: true, holds: false, says: "by the server's log nothing"),
    Case(testDescription: "an empty log", log: [], holds: false, says: "log nothing"),
  ]

  @Test(arguments: cases)
  func bothAreNamed(_ one: Case) throws {
    let trace = try WireTrackerCorpusTests.trace("healthy/https4-dnsmasq-nginx.pcap.gz")
    let transfer = try #require(trace.httpTransfers.first)
    var expectation = MachineExpectation(
      name: "node", mac: trace.mac, interface: "pxe", server: IPv4Address("192.168.77.1"),
      bootFile: "https://192.168.77.1/quiet.efi")
    expectation.fileSizes = one.size.map { ["quiet.efi": $0] } ?? [:]
    var evidence = Evidence(expectation: expectation, trace: trace)
    evidence.servedRequests = one.log?.map { request in
      ServedRequest(
        client: transfer.client,
        clientPort: one.isOfAnotherConnection ? transfer.clientPort + 1 : transfer.clientPort,
        method: request.method, path: request.path, status: request.status)
    }
    let witness = WireWitness.witness(in: evidence)
    let check = try #require(witness.checks.first { $0.name == "NBP" })
    #expect(check.holds == one.holds)
    #expect(check.seen?.contains(one.says) == true, "\(check.seen ?? "nothing")")
    let findings = DiagnosisRules.findings(in: evidence, rules: [HTTPRefused(), TLSRefused()])
    #expect(findings.map(\.id) == [one.finding].compactMap { $0 })
  }
}
