import Execution
import ExternalCommand
import Testing

@Suite struct SubprocessRunnerTests {
  let runner = SubprocessRunner()

  @Test func returnsStandardOutput() async throws {
    #expect(try await runner.run(Command("printf", ["%s|", "a b", "$HOME"])) == "a b|$HOME|")
  }

  @Test func feedsStandardInput() async throws {
    #expect(try await runner.run(Command("cat", input: "one\ntwo\n")) == "one\ntwo\n")
  }

  @Test func setsVariables() async throws {
    let command = Command("printenv", ["PXELAB_TEST"], environment: ["PXELAB_TEST": "x y"])
    #expect(try await runner.run(command) == "x y\n")
  }

  @Test func namesStatusAndLastWords() async {
    let command = Command("ls", ["/nonexistent-pxelab"])
    await #expect {
      try await runner.run(command)
    } throws: { error in
      guard case CommandError.failed(command, "exited with status 2", let output) = error
      else { return false }
      return output.contains("/nonexistent-pxelab")
    }
  }

  @Test func namesAMissingProgram() async {
    let runner = SubprocessRunner(search: ExecutableSearch(path: "/nowhere"))
    await #expect {
      try await runner.run(Command("pxelab-no-such-program"))
    } throws: { error in
      guard case CommandError.missingProgram("pxelab-no-such-program", let searched) = error
      else { return false }
      return searched.contains("/nowhere") && searched.contains("/usr/sbin")
    }
  }

  @Test func aLongBatchIsNotRepeatedButItsLineIs() {
    let lines = (1...50).map { "link add name l\($0) type dummy\n" }
    let error = CommandError.failed(
      Command("ip", ["-batch", "-"], input: lines.joined()), status: "exited with status 1",
      output: "RTNETLINK answers: File exists\nCommand failed -:12")
    #expect(
      error.description == """
        `ip -batch - <50 lines` exited with status 1:
        RTNETLINK answers: File exists
        Command failed -:12
        That line is: link add name l12 type dummy
        """)
  }
}
