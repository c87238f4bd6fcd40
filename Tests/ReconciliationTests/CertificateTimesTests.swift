import KubeVirt
import Objects
import Testing

@testable import Reconciliation

/// When certificates are renewed and what is trusted: tables of moments (kubevirt,
/// pkg/virt-operator/resource/apply/certificates.go).
@Suite struct CertificateTimesTests {
  private static let hour = 3600

  private static func term(_ duration: String, _ renewBefore: String) -> CertificateTerms.Term {
    CertificateTerms.Term(
      duration: GoDuration(duration) ?? GoDuration(nanoseconds: 0),
      renewBefore: GoDuration(renewBefore) ?? GoDuration(nanoseconds: 0))
  }

  private static func times(
    _ ca: (String, String), _ server: (String, String), scale: Int = 1
  ) throws -> CertificateTimes {
    CertificateTimes(
      terms: CertificateTerms(ca: term(ca.0, ca.1), server: term(server.0, server.1)),
      scale: try #require(TimeScale(scale)))
  }

  private static func validity(_ begin: Int, _ end: Int) -> Validity {
    Validity(begin: Timestamp(seconds: begin), end: Timestamp(seconds: end))
  }

  @Test(arguments: [
    // The defaults: 24 h before the end of an authority, 12 h before that of a server.
    (("48h", "24h"), ("24h", "12h"), 1, 48 * hour, 24 * hour, 12 * hour),
    // The documented example, and one of an authority: renewed as soon as it has rested for a minute.
    (("4h", "1h"), ("4h", "4h"), 1, 4 * hour, 3 * hour, 60),
    (("4h", "4h"), ("4h", "4h"), 1, 4 * hour, 60, 60),
    // By a scale: 48 h are 24 s.
    (("48h", "24h"), ("24h", "12h"), 7200, 24, 12, 6),
    (("48h", "48h"), ("24h", "24h"), 60, 2880, 1, 1),
    // No time is nothing.
    (("10m", "10m"), ("10m", "10m"), 100_000, 1, 0, 0),
  ])
  func deadlines(
    _ ca: (String, String), _ server: (String, String), _ scale: Int, _ end: Int,
    _ deadline: Int, _ leafDeadline: Int
  ) throws {
    let times = try Self.times(ca, server, scale: scale)
    let now = Timestamp(seconds: 0)
    let authority = times.validity(times.terms.ca, from: now)
    #expect(authority == Self.validity(0, end))
    #expect(times.deadline(of: authority, times.terms.ca).seconds == deadline)
    let leaf = times.validity(times.terms.server, from: now)
    #expect(
      times.deadline(of: leaf, times.terms.server, signedBy: authority).seconds == leafDeadline)
  }

  /// What outlives its authority is renewed in the middle of the overlap; what is made after that, when it
  /// has rested, and before the authority ends.
  @Test(arguments: [
    (0, 12 * hour), (35 * hour, 36 * hour), (47 * hour, 47 * hour + 60),
    (48 * hour - 30, 48 * hour - 1),
  ])
  func aLeafOfAnAuthorityThatEndsFirst(_ begin: Int, _ last: Int) throws {
    let times = try Self.times(("48h", "24h"), ("24h", "12h"))
    let leaf = times.validity(times.terms.server, from: Timestamp(seconds: begin))
    let deadline = times.deadline(
      of: leaf, times.terms.server, signedBy: Self.validity(0, 48 * Self.hour))
    #expect(deadline.seconds == last)
  }

  /// Names of authorities with their begin and end in hours, the newest signs; an overlap of 2 h.
  @Test(
    arguments: [
      ([("a", 0, 10)], 1, "a", nil),
      // The old one is trusted for the overlap, its last moment included.
      ([("b", 8, 18), ("a", 0, 10)], 8, "ba", 10), ([("b", 8, 18), ("a", 0, 10)], 10, "ba", 10),
      ([("b", 8, 18), ("a", 0, 10)], 11, "b", nil),
      // One that ends before the overlap does.
      ([("b", 8, 18), ("a", 0, 9)], 9, "ba", 9), ([("b", 8, 18), ("a", 0, 9)], 10, "b", nil),
      // Rotated by hand, twice in an overlap: both are trusted.
      ([("c", 6, 16), ("b", 5, 15), ("a", 0, 10)], 6, "cba", 7),
      ([("c", 6, 16), ("b", 5, 15), ("a", 0, 10)], 8, "cb", 8),
      // Whatever the order of the bundle, and whether the newest is in it already.
      ([("c", 6, 16), ("a", 0, 10), ("c", 6, 16), ("b", 5, 15)], 6, "cba", 7),
      // Of one that followed long ago nobody before is trusted, though it is good.
      ([("c", 20, 30), ("b", 19, 29), ("a", 0, 100)], 22, "cb", 22),
    ] as [([(String, Int, Int)], Int, String, Int?)])
  func bundles(
    _ authorities: [(String, Int, Int)], _ now: Int, _ trusted: String, _ until: Int?
  ) throws {
    let times = try Self.times(("10h", "2h"), ("10h", "2h"))
    let all = authorities.map { name, begin, end in
      (certificate: name, validity: Self.validity(begin * Self.hour, end * Self.hour))
    }
    let current = try #require(all.first)
    let bundle = times.bundle(
      of: current, former: Array(all.dropFirst()), overlap: times.terms.ca.renewBefore,
      at: Timestamp(seconds: now * Self.hour))
    #expect(bundle.trusted.joined() == trusted)
    #expect(bundle.until?.seconds == until.map { $0 * Self.hour })
  }

  @Test func aBundleHasAnEnd() throws {
    let times = try Self.times(("10h", "2h"), ("10h", "2h"))
    let former = (1...80).map { (certificate: $0, validity: Self.validity(-$0, 36_000)) }
    let bundle = times.bundle(
      of: (0, Self.validity(0, 36_000)), former: former, overlap: times.terms.ca.renewBefore,
      at: Timestamp(seconds: 0))
    #expect(bundle.trusted == Array(0..<50))
  }

  @Test(arguments: [(1, "48h0m0s"), (7200, "48h0m0s (24s here)"), (100_000, "48h0m0s (1s here)")])
  func bothLengthsArePrinted(_ factor: Int, _ text: String) throws {
    #expect(try #require(TimeScale(factor)).text(GoDuration(seconds: 48 * 3600)) == text)
  }

  @Test(arguments: [0, -1, 100_001])
  func noScale(_ factor: Int) { #expect(TimeScale(factor) == nil) }
}
