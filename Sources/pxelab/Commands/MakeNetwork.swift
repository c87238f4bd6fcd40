import ArgumentParser
import Dataplane
import Execution
import FileSystem
import FoundationEssentials
import Planning

/// `pxelab make-network`: what the supervisor does first, alone, for Benchmarks/network.
struct MakeNetwork: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make-network",
    abstract: "Make a plan's bridges and ports in the present network namespace.",
    discussion: "Prints the seconds that it took.", shouldDisplay: false)

  @Argument(help: "The plan, as `plan --format json` prints it.")
  var plan: String

  func run() async throws {
    let plan = try JSONDecoder().decode(LabPlan.self, from: try Files.read(plan))
    let clock = ContinuousClock()
    let dataplane = Dataplane(plan.dataplane, runner: SubprocessRunner())
    let elapsed = try await clock.measure { try await dataplane.apply() }
    try Output.line("\(elapsed / .seconds(1))")
  }
}
