import Planning
import Testing

@Suite("What a supervisor is told") struct SupervisedLabTests {
  private static let usual = SupervisedLab(
    state: "/state", cache: "/cache", lab: "lab", nodes: ["node01"], usesKVM: false,
    hasOwnUser: false)

  @Test("it reads what was written", arguments: [false, true], [["node01"], ["a", "b", "c"]])
  func roundTrip(_ flag: Bool, _ nodes: [String]) {
    for usesKVM in [false, true] {
      var lab = Self.usual
      (lab.usesKVM, lab.hasOwnUser, lab.nodes) = (usesKVM, flag, nodes)
      #expect(lab.arguments.first == SupervisedLab.role)
      #expect(SupervisedLab(Array(lab.arguments.dropFirst())) == lab)
    }
  }

  @Test(
    "arguments of another form are nothing",
    arguments: [
      [], ["--kvm"], ["/state", "/cache", "lab"], ["--fast", "/state", "/cache", "lab", "node01"],
      ["/state", "/cache", "lab", "node01", "--kvm"],
    ])
  func refused(_ arguments: [String]) {
    #expect(SupervisedLab(arguments) == nil)
  }
}
