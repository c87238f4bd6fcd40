import Parts
import Testing

/// The states of a part by what is observed of it, at seconds after a beginning.
@Suite struct PartLifeTests {
  typealias Step = (seconds: Double, observation: PartLife.Observation, action: PartLife.Action?)

  static let beginning = ContinuousClock.now

  static func at(_ seconds: Double) -> ContinuousClock.Instant {
    beginning + .seconds(seconds)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var policy = PartPolicy()
    var steps: [Step]
    var state: PartState
  }

  static let killed = PartLife.Observation.ended(reason: "was killed")
  static let silent = PartLife.Observation.silent(reason: "no answer", isCertain: false)
  static let frozen = PartLife.Observation.silent(reason: "stopped", isCertain: true)
  static let running: [Step] = [(0, .begun, .start), (1, .started, nil)]

  static let cases: [Case] = [
    Case(testDescription: "not begun", steps: [], state: .stopped),
    Case(testDescription: "begun", steps: [(0, .begun, .start)], state: .starting),
    Case(testDescription: "running", steps: running, state: .running(since: at(1))),
    Case(
      testDescription: "begun twice", steps: running + [(2, .begun, nil)],
      state: .running(since: at(1))),
    Case(
      testDescription: "an end", steps: running + [(3, killed, nil)],
      state: .restarting(attempt: 1, at: at(3.5), reason: "was killed")),
    Case(
      testDescription: "an end, and the time comes",
      steps: running + [(3, killed, nil), (3.5, .due, .start)], state: .starting),
    Case(
      testDescription: "started again",
      steps: running + [(3, killed, nil), (3.5, .due, .start), (4, .started, nil)],
      state: .running(since: at(4))),
    Case(
      testDescription: "ends soon after each other wait longer",
      steps: running + [
        (3, killed, nil), (3.5, .due, .start), (4, .started, nil), (5, killed, nil),
        (6, .due, .start), (6, .notStarted(reason: "no room", isFinal: false), nil),
      ], state: .restarting(attempt: 3, at: at(8), reason: "no room")),
    Case(
      testDescription: "a minute well forgets the ends before",
      steps: running + [
        (3, killed, nil), (3.5, .due, .start), (4, .started, nil), (64, .answered, nil),
        (65, killed, nil),
      ], state: .restarting(attempt: 1, at: at(65.5), reason: "was killed")),
    Case(
      testDescription: "so does a minute in which nobody asked",
      steps: running + [
        (3, killed, nil), (3.5, .due, .start), (4, .started, nil), (64, killed, nil),
      ], state: .restarting(attempt: 1, at: at(64.5), reason: "was killed")),
    Case(
      testDescription: "less than a minute does not",
      steps: running + [
        (3, killed, nil), (3.5, .due, .start), (4, .started, nil), (63, .answered, nil),
        (63.5, killed, nil),
      ], state: .restarting(attempt: 2, at: at(64.5), reason: "was killed")),
    Case(
      testDescription: "one that is not restarted", policy: PartPolicy(restarts: false),
      steps: running + [(3, killed, nil), (4, .due, nil)], state: .ended(reason: "was killed")),
    Case(
      testDescription: "a program that is not there",
      steps: [
        (0, .begun, .start), (0, .notStarted(reason: "no such program", isFinal: true), nil),
      ],
      state: .failed(reason: "no such program")),
    Case(
      testDescription: "begun again after that",
      steps: [
        (0, .begun, .start), (0, .notStarted(reason: "no such program", isFinal: true), nil),
        (9, .begun, .start),
      ], state: .starting),
    Case(
      testDescription: "one silence", steps: running + [(6, silent, nil)],
      state: .running(since: at(1))),
    Case(
      testDescription: "two silences", steps: running + [(6, silent, nil), (11, silent, nil)],
      state: .hung(since: at(11), reason: "no answer")),
    Case(
      testDescription: "silences with an answer between",
      steps: running + [(6, silent, nil), (11, .answered, nil), (16, silent, nil)],
      state: .running(since: at(1))),
    Case(
      testDescription: "a stopped process", steps: running + [(6, frozen, nil)],
      state: .hung(since: at(6), reason: "stopped")),
    Case(
      testDescription: "it goes on", steps: running + [(6, frozen, nil), (11, .answered, nil)],
      state: .running(since: at(1))),
    Case(
      testDescription: "it goes on and needs two silences again",
      steps: running + [(6, frozen, nil), (11, .answered, nil), (16, silent, nil)],
      state: .running(since: at(1))),
    Case(
      testDescription: "hung for less than its patience",
      steps: running + [(6, frozen, nil), (35, frozen, nil)],
      state: .hung(since: at(6), reason: "stopped")),
    Case(
      testDescription: "hung for too long",
      steps: running + [(6, frozen, nil), (36, frozen, .kill), (37, killed, nil)],
      state: .restarting(attempt: 1, at: at(37.5), reason: "was killed")),
    Case(
      testDescription: "hung with endless patience", policy: PartPolicy(hungPatience: nil),
      steps: running + [(6, frozen, nil), (99_999, frozen, nil)],
      state: .hung(since: at(6), reason: "stopped")),
    Case(
      testDescription: "what comes late says nothing",
      steps: running + [
        (3, killed, nil), (3, .answered, nil), (3, silent, nil), (3, frozen, nil), (3, killed, nil),
        (3, .started, nil),
      ], state: .restarting(attempt: 1, at: at(3.5), reason: "was killed")),
    Case(
      testDescription: "stopped", steps: running + [(3, killed, nil), (3, .stopped, nil)],
      state: .stopped),
  ]

  @Test(arguments: cases) func aStateFollows(_ given: Case) {
    var life = PartLife(policy: given.policy)
    for step in given.steps {
      let action = life.observe(step.observation, at: Self.at(step.seconds))
      #expect(action == step.action, "\(step.observation) at \(step.seconds) s")
    }
    #expect(life.state == given.state)
  }

  @Test func waitsDoubleAndEnd() {
    let waits = (1...9).map { PartPolicy().wait(before: $0) }
    #expect(waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) })
    #expect(PartPolicy().wait(before: .max) == .seconds(30))
    #expect(PartPolicy().wait(before: .min) == .milliseconds(500))
  }

  @Test(
    arguments: [
      (0, "exited with status 0"), (0x0100, "exited with status 1"),
      (0xff00, "exited with status 255"), (9, "was ended by signal 9 (SIGKILL)"),
      (0x8b, "was ended by signal 11 (SIGSEGV)"), (15, "was ended by signal 15 (SIGTERM)"),
      (31, "was ended by signal 31 (SIGSYS)"), (40, "was ended by signal 40"),
    ] as [(Int32, String)])
  func endsHaveWords(status: Int32, words: String) {
    #expect(ProcessEnd(waitStatus: status).description == words)
  }
}
