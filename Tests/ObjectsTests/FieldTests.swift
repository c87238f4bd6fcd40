import Objects
import Testing

@Suite struct FieldTests {
  private func fields(_ spec: String) throws -> (Field, ProblemLog) {
    let file = ManifestFile(path: "f", text: "kind: A\nmetadata: {name: a}\nspec:\n\(spec)")
    let document = try #require(file.documents.first)
    let log = ProblemLog(object: document.object)
    return (document.fields(log)["spec"], log)
  }

  @Test func readsEveryType() throws {
    let (spec, log) = try fields(
      "  text: '100'\n  number: 0x10\n  octal: 010\n  yes: on\n  nothing: ~\n  list: [1, 2]\n"
        + "  labels: {a: b}\n")
    #expect(spec["text"].string == "100")
    #expect(spec["number"].integer == 16)
    #expect(spec["octal"].integer == 8)
    #expect(spec["yes"].boolean == true)
    #expect(!spec["nothing"].exists)
    #expect(spec["list"].items.map(\.integer) == [1, 2])
    #expect(spec["labels"].strings == ["a": "b"])
    #expect(spec["absent"]["deeper"].integer == nil)
    #expect(log.problems.isEmpty)
  }

  @Test(arguments: [
    ("  x: 100\n", "f:4:3: spec.x: expected a string, found number \"100\""),
    ("  x: true\n", "f:4:3: spec.x: expected a string, found bool \"true\""),
    ("  x: [a]\n", "f:4:3: spec.x: expected a string, found array"),
  ])
  func wrongTypesAreReported(spec: String, description: String) throws {
    let (field, log) = try fields(spec)
    #expect(field["x"].string == nil)
    #expect(log.problems.map(\.description) == [description])
    #expect(log.problems.first?.object == "A/a")
  }

  @Test func integersAreNotTextsOrFractions() throws {
    let (spec, log) = try fields("  a: '1'\n  b: 1.5\n  c: x\n  d: 99999999999999999999\n")
    for name in ["a", "b", "c", "d"] { #expect(spec[name].integer == nil) }
    #expect(log.problems.map(\.field) == ["spec.a", "spec.b", "spec.c", "spec.d"])
  }

  @Test func unknownFieldsNameTheNearest() throws {
    let (spec, log) = try fields("  bootorder: 1\n  macAdress: x\n  other: y\n")
    spec.warnUnknown(except: ["bootOrder", "macAddress", "name"])
    #expect(
      log.problems.map(\.description) == [
        "f:4:3: spec.bootorder: warning: unknown field \"bootorder\"; did you mean \"bootOrder\"?"
          + " (it is ignored)",
        "f:5:3: spec.macAdress: warning: unknown field \"macAdress\"; did you mean"
          + " \"macAddress\"? (it is ignored)",
        "f:6:3: spec.other: warning: unknown field \"other\" (it is ignored)",
      ])
  }

  @Test(arguments: [
    ("kind: A\napiVersion: x/v1", [String](), Problem.Severity?.none),
    ("kind: A\napiversion: x/v1", ["apiVersion not set"], .warning),
    ("kind: A\napiVersion: x/v0", ["no cluster serves x/v0"], .warning),
    ("kind: A\napiVersion: x/v9", ["no matches for kind \"A\" in version \"x/v9\""], .error),
    ("kind: A", ["apiVersion not set"], .error),
  ])
  func versions(text: String, messages: [String], severity: Problem.Severity?) throws {
    let document = try #require(ManifestFile(path: "f", text: text).documents.first)
    let log = ProblemLog(object: "A/")
    document.checkAPIVersion(served: ["x/v1"], tolerated: ["x/v0"], log: log)
    #expect(log.problems.count == messages.count)
    for (problem, message) in zip(log.problems, messages) {
      #expect(problem.message.contains(message))
      #expect(problem.severity == severity)
    }
  }
}
