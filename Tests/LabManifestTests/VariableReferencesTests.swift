import LabManifest
import Testing

@Suite struct VariableReferencesTests {
  static let variables = ["A": "1", "B": "$(A)", "LONG_NAME": "x y"]

  /// As k8s.io/kubernetes third_party/forked/golang/expansion has them.
  @Test(arguments: [
    ("plain", "plain"), ("", ""), ("$(A)", "1"), ("a$(A)b$(LONG_NAME)c", "a1bx yc"),
    ("$(B)", "$(A)"), ("$(NOBODY)", "$(NOBODY)"), ("$$(A)", "$(A)"), ("$$$(A)", "$1"),
    ("$A", "$A"), ("$", "$"), ("$(", "$("), ("$(A", "$(A"), ("a$$b", "a$b"), ("$()", "$()"),
    ("$(A)$", "1$"), ("{A}", "{A}"),
  ])
  func expand(_ word: String, _ expected: String) {
    #expect(VariableReferences.expand(word, with: Self.variables) == expected)
  }

  @Test func names() {
    #expect(VariableReferences.names(in: "$(A):$(NOBODY),$$(B)") == ["A", "NOBODY"])
  }
}
