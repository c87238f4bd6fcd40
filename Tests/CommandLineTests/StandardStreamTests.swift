import Glibc
import Subprocess
import Testing

@Suite("Standard streams that cannot be used")
struct StandardStreamTests {
  /// Of each way to print something, one; none needs a lab that is up.
  static let printing: [[String]] = [
    ["--help"], ["--version"], ["help", "up"], ["up", "--help"],
    ["--generate-completion-script", "bash"],
    ["explain"], ["explain", "PXL003"], ["explain", "--format", "json"],
    ["schema", "lab"],
    ["status"], ["status", "--format", "json"],
    ["doctor"], ["doctor", "--format", "json"],
    ["render", "labs/minimal"],
    ["netconf", "new", "--name", "lan", "--bridge", "br1", "--vlan", "20"],
    ["validate", "--format", "json", "labs/minimal"],
    ["validate", "schema/lab.json"],
    ["diagnose", capture], ["diagnose", capture, "--format", "json"],
    ["diagnose", capture, "--format", "github"], ["diagnose", capture, "--format", "junit"],
  ]
  private static let capture = "Tests/Corpus/captures/broken/dhclient-nak.pcapng"

  @Test("a full disk is an error of its own", arguments: printing)
  func full(_ arguments: [String]) async throws {
    let outcome = try await Program().run(arguments, shell: #"exec "$@" >/dev/full"#)
    #expect(outcome.status == .exited(74), "\(outcome.errors)")
    #expect(
      outcome.errors.hasSuffix(
        "Error: cannot write to standard output: No space left on device\n"),
      "\(outcome.errors)")
  }

  @Test("so is a closed output, whose place no file takes", arguments: printing)
  func closed(_ arguments: [String]) async throws {
    let outcome = try await Program().run(arguments, shell: #"exec "$@" >&-"#)
    #expect(outcome.status == .exited(74), "\(outcome.errors)")
    #expect(
      outcome.errors.hasSuffix("Error: cannot write to standard output: Bad file descriptor\n"),
      "\(outcome.errors)")
  }

  @Test("the same commands can be told from those with nothing to say", arguments: printing)
  func open(_ arguments: [String]) async throws {
    let outcome = try await Program().run(arguments)
    #expect(!outcome.output.isEmpty)
    #expect(outcome.status != .exited(74), "\(outcome.errors)")
  }

  @Test("a reader that went ends it as other programs", arguments: printing)
  func brokenPipe(_ arguments: [String]) async throws {
    // The reader has gone before the writer begins: the second end of the pipe is a file that the
    // shell waits for.
    let outcome = try await Program().run(
      arguments, shell: "\(Self.withoutReader) \"$@\" >&3 3>&-; kill -s \"$(kill -l $?)\" $$")
    #expect(outcome.status == .signaled(SIGPIPE), "\(outcome.errors)")
    #expect(outcome.errors == "")
  }

  @Test("a reader that went is an interruption where the signal is ignored", arguments: printing)
  func ignoredSignal(_ arguments: [String]) async throws {
    let outcome = try await Program().run(
      arguments, shell: "\(Self.withoutReader) trap '' PIPE; exec \"$@\" >&3 3>&-")
    #expect(outcome.status == .exited(130), "\(outcome.errors)")
    #expect(
      outcome.errors.hasSuffix("Error: nobody reads standard output any more\n"),
      "\(outcome.errors)")
  }

  /// Opens descriptor 3 for writing to a pipe whose only reader closes it again.
  private static let withoutReader =
    #"f=$(mktemp -u) && mkfifo "$f" && exec 4<>"$f" 3>"$f" 4>&- && rm "$f";"#

  @Test(
    "without standard error the exit status tells",
    arguments: ["2>/dev/full", "2>&-", ">/dev/full 2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
  func errors(_ redirection: String) async throws {
    let shell = #"exec "$@" "# + redirection
    let program = try Program()
    for (arguments, status) in [
      (["validate", "nosuch"], 2), (["explain", "nosuch"], 64), (["nosuch"], 64),
      (["diagnose", "nosuch"], 6), (["status", "nosuch"], 5),
    ] as [([String], Int32)] {
      let outcome = try await program.run(arguments, shell: shell)
      #expect(outcome.status == .exited(status), "\(arguments)")
      #expect(outcome.output == "")
    }
  }

  @Test(
    "standard input that cannot be read",
    arguments: [("<.", "Is a directory"), ("<&-", "Bad file descriptor")])
  func input(_ redirection: String, _ reason: String) async throws {
    let outcome = try await Program().run(["validate", "-"], shell: "exec \"$@\" \(redirection)")
    #expect(outcome.status == .exited(2))
    #expect(outcome.errors == "Error: cannot read standard input: \(reason)\n")
  }
}
