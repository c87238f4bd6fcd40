import Kinds
import KubeVirt
import Objects
import Reconciliation
import Testing

@testable import LabHost

/// Certificates as `pxelab certificates` reads them.
@Suite struct CertificateSummaryTests {
  /// Of openssl 3.0 (req -x509 -subj /O=test/CN=kubevirt.io -days 3650).
  private static let utc = """
    -----BEGIN CERTIFICATE-----
    MIIBnjCCAUWgAwIBAgIUa3xamPnNa84ZwhcSooEyA5LNdf8wCgYIKoZIzj0EAwIw
    JTENMAsGA1UECgwEdGVzdDEUMBIGA1UEAwwLa3ViZXZpcnQuaW8wHhcNMjYxMTMw
    MTMzODE2WhcNMzYxMTI3MTMzODE2WjAlMQ0wCwYDVQQKDAR0ZXN0MRQwEgYDVQQD
    DAtrdWJldmlydC5pbzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLKf6hxBV2uT
    3CWZsdcqtR4y7+latTgzkyKF8CUtaGCQoGoBcokXPVomUJ6yCOkPrCkJ9bs/y5DB
    CrPFl4ntBzmjUzBRMB0GA1UdDgQWBBRNCWDq/uK3wPETSnQG+xzdkNE6czAfBgNV
    HSMEGDAWgBRNCWDq/uK3wPETSnQG+xzdkNE6czAPBgNVHRMBAf8EBTADAQH/MAoG
    CCqGSM49BAMCA0cAMEQCIGzjk5vY8oCPvDZUoPt5RDj1fEzzHFrezwkR4KEdgZTE
    AiAw8Xp7agxMLsDZdzJQiNC6rExfMGbYTCUpkCNnPoVVWQ==
    -----END CERTIFICATE-----

    """

  /// Of openssl 3.0 (req -x509 -subj /O=test/CN=kubevirt.io -days 20000).
  private static let generalized = """
    -----BEGIN CERTIFICATE-----
    MIIBojCCAUegAwIBAgIUQuq1xaMKXnreDla/eodtBsA3vEowCgYIKoZIzj0EAwIw
    JTENMAsGA1UECgwEdGVzdDEUMBIGA1UEAwwLa3ViZXZpcnQuaW8wIBcNMjYxMTMw
    MTMzODE2WhgPMjA4MTA5MDIxMzM4MTZaMCUxDTALBgNVBAoMBHRlc3QxFDASBgNV
    BAMMC2t1YmV2aXJ0LmlvMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEckx7RM4
    NfIXHcDNjeUGLsIeI+zaGm/AnrnKDJ7393hUjh85OHsFKFKaJAmm/ESBwWk4gFhu
    1SGgfvH19Kkys6NTMFEwHQYDVR0OBBYEFK5nviNL4gAmRJurG3JosNK5rJBhMB8G
    A1UdIwQYMBaAFK5nviNL4gAmRJurG3JosNK5rJBhMA8GA1UdEwEB/wQFMAMBAf8w
    CgYIKoZIzj0EAwIDSQAwRgIhAISfHdFZsNhOVu6ehSBcACLN/7AnG/rmDZwX0K2C
    vRmlAiEAoRBtEuQXmUlpAqNXfMLTBVnWKEERQ4qvpjKErxW7dO8=
    -----END CERTIFICATE-----

    """

  @Test(arguments: [
    (utc, "2026-11-30T13:38:16Z", "2036-11-27T13:38:16Z"),
    (generalized, "2026-11-30T13:38:16Z", "2081-09-02T13:38:16Z"),
  ])
  func datesAreThoseOfOpenSSL(_ pem: String, _ begin: String, _ end: String) throws {
    let dates = try #require(CertificateDates(pem: pem))
    #expect(dates.subject == "kubevirt.io")
    #expect(dates.issuer == "kubevirt.io")
    #expect(dates.begin == begin)
    #expect(dates.end == end)
  }

  /// A text that is cut off anywhere is none, and nothing worse.
  @Test func whatIsCutOffIsNone() throws {
    let lines = Self.utc.split(separator: "\n").dropFirst().dropLast()
    let body = lines.joined()
    #expect(CertificateDates(pem: "nonsense") == nil)
    for length in stride(from: 0, to: 160, by: 4) {
      #expect(CertificateDates(pem: String(body.prefix(length))) == nil)
    }
  }

  @Test func theTableOfALab() throws {
    func secret(_ name: String) -> (key: ObjectKey, object: ObjectNode) {
      (
        ObjectKey(.secrets, namespace: "cnv", name: name),
        ["data": KeptCertificate.data(IssuedCertificate(certificate: Self.utc, key: "key"))]
      )
    }
    let bundle = (
      key: ObjectKey(.configMaps, namespace: "cnv", name: "kubevirt-ca"),
      object: ["data": ["ca-bundle": .text("\(Self.utc)\(Self.generalized)")]] as ObjectNode
    )
    let hour = GoDuration(seconds: 3600)
    let term = CertificateTerms.Term(duration: hour, renewBefore: hour)
    let summaries = CertificateSummary.all(
      secrets: [secret("kubevirt-ca"), secret("kubevirt-virt-api-certs"), secret("other")],
      bundles: [bundle], in: "cnv",
      CertificateTimes(
        terms: CertificateTerms(ca: term, server: term), scale: try #require(TimeScale(3600))))
    #expect(
      summaries.map(\.object) == [
        "secret/kubevirt-ca", "configmap/kubevirt-ca", "secret/kubevirt-virt-api-certs",
      ])
    #expect(summaries[0].duration == "1h0m0s (1s here)")
    #expect(summaries[0].renewedAfter == summaries[2].renewedAfter)
    // Followed by the newest, it is trusted for the overlap.
    #expect(summaries[1].renewedAfter != nil)
    #expect(summaries[1].duration == nil)
  }
}
