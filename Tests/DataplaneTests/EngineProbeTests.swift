import Execution
import ExternalCommand
import Planning
import Synchronization
import Testing

@testable import Dataplane

/// Answers every command with one result and remembers what was run.
private final class ScriptedRunner: CommandRunner {
  private let answer: Result<String, CommandError>
  private let commands = Mutex<[Command]>([])

  init(_ answer: Result<String, CommandError>) {
    self.answer = answer
  }

  var ran: [Command] { commands.withLock { $0 } }

  func run(_ command: Command) async throws -> String {
    commands.withLock { $0.append(command) }
    return try answer.get()
  }
}

@Suite struct EngineProbeTests {
  @Test(arguments: [
    ("bridge-link-filtering.json", DataplaneEngine.linuxBridge),
    ("bridge-link-not-filtering.json", .openVSwitch),
  ])
  func choosesByWhatTheBridgeHas(_ file: String, _ engine: DataplaneEngine) throws {
    #expect(try EngineProbe.choice(from: try fixture(file)).choice == engine)
  }

  @Test(arguments: ["", "2: pxelab: <BROADCAST,MULTICAST>", #"{"ifname":"pxelab"}"#])
  func anAnswerOfAnotherFormIsAnError(_ answer: String) async {
    let runner = ScriptedRunner(.success(answer))
    await #expect(throws: PortTableError.self) {
      try await EngineProbe(runner: runner).engine(asked: nil, asRoot: true)
    }
  }

  @Test(arguments: DataplaneEngine.allCases)
  func theAskedEngineIsTakenWithoutAnyCommand(_ engine: DataplaneEngine) async throws {
    let runner = ScriptedRunner(.success("[]"))
    let choice = try await EngineProbe(runner: runner).engine(asked: engine, asRoot: true)
    #expect(choice == Reasoned(engine, because: "asked for"))
    #expect(runner.ran.isEmpty)
  }

  @Test(arguments: [
    (true, ["--net"]), (false, ["--user", "--map-root-user", "--net"]),
  ])
  func asksInAThrowawayNamespace(_ asRoot: Bool, _ namespaces: [String]) async throws {
    let runner = ScriptedRunner(.success(try fixture("bridge-link-filtering.json")))
    let choice = try await EngineProbe(runner: runner).engine(asked: nil, asRoot: asRoot)
    #expect(choice.choice == .linuxBridge)
    let command = try #require(runner.ran.first)
    #expect(runner.ran.count == 1)
    #expect(command.program == "unshare")
    #expect(Array(command.arguments.prefix(namespaces.count)) == namespaces)
    #expect(command.arguments.dropFirst(namespaces.count).first == "ip")
  }

  @Test func aKernelThatRefusesTheBridgeMeansOpenVSwitchAndSaysWhy() async throws {
    let output = "RTNETLINK answers: Operation not supported\nCommand failed -:1\n"
    let runner = ScriptedRunner(
      .failure(.failed(Command("unshare"), status: "exit status 2", output: output)))
    let choice = try await EngineProbe(runner: runner).engine(asked: nil, asRoot: true)
    #expect(choice.choice == .openVSwitch)
    #expect(choice.reason.contains("RTNETLINK answers: Operation not supported"))
    #expect(!choice.reason.contains("\n"))
  }

  @Test(arguments: [
    CommandError.failed(
      Command("unshare"), status: "exit status 1",
      output: "unshare: unshare failed: Operation not permitted"),
    CommandError.missingProgram("unshare", searched: ["/usr/bin"]),
  ])
  func aFailureOfTheNamespaceIsNoAnswerAboutBridges(_ failure: CommandError) async {
    let runner = ScriptedRunner(.failure(failure))
    await #expect(throws: CommandError.self) {
      try await EngineProbe(runner: runner).engine(asked: nil, asRoot: false)
    }
  }
}
