import ArgumentParser
import LabHost

/// `pxelab restart`.
struct Restart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restart",
    abstract: "Start a machine anew, with what its manifest says by now.",
    discussion: """
      Its power is taken away, or with --soft its guest is asked, and a new instance is made of the \
      VirtualMachine as it is. `pxelab wait` waits for the verdict.
      """)

  @OptionGroup var machine: MachineArgument

  @Flag(name: .long, help: "Ask the guest to power off, by the ACPI power button.")
  var soft: Bool = false

  @Option(name: .long, help: "How long the guest has for that, in seconds.")
  var timeout: Double = 60

  @OptionGroup var format: FormatOption

  func validate() throws {
    if !(timeout > 0 && timeout <= 3600) {
      throw ValidationError("--timeout is more than 0 and at most 3600 seconds")
    }
  }

  func run() async throws {
    let answer = try await machine.perform(
      PowerRequest(.cycle, isSoft: soft, patienceSeconds: timeout))
    try show([answer.machine], as: format.format)
  }
}
