import ExternalCommand
import LabManifest

/// A scheduler of the lab's author, which runs as long as the lab.
package struct SchedulerPlan: Codable, Sendable, Hashable {
  /// The `schedulerName` of the pods that it binds.
  package var name: String
  /// The program: a name to be looked up, or an absolute path.
  package var program: String
  /// Its arguments.
  package var arguments: [String]
  /// Its variables, beyond the node's: `KUBECONFIG`, and its name as `PXELAB_SCHEDULER`.
  package var environment: [String: String]
  /// The folder that it runs in: the manifests'.
  package var workingDirectory: String
  /// The folder of its files.
  package var directory: String

  /// The file that what it prints goes to.
  package var log: String { "\(directory)/scheduler.log" }
  /// The file that says which process it is.
  package var note: String { "\(directory)/scheduler.part" }

  /// The plan of a scheduler; `nil` without a program.
  init?(_ scheduler: LabScheduler, paths: LabPaths, workingDirectory: String) {
    guard let program = scheduler.command.first else { return nil }
    name = scheduler.name
    let isRelative = program.contains("/") && !program.hasPrefix("/")
    self.program = isRelative ? "\(workingDirectory)/\(program)" : program
    arguments = Array(scheduler.command.dropFirst())
    environment = ["KUBECONFIG": paths.kubeconfig, "PXELAB_SCHEDULER": scheduler.name]
    self.workingDirectory = workingDirectory
    directory = paths.scheduler(scheduler.name)
  }

  /// As a person would type it.
  package var text: String {
    Command(program, arguments, environment: environment).shellText
  }
}
