import ExternalCommand
import FileSystem
import Parts
import Planning

extension SchedulerPlan {
  /// The program. It is started again when it ends: one that crashes is looked after on a cluster too.
  var part: Part {
    Part(
      title: "the scheduler \(name)",
      start: .foreground(
        Command(program, arguments, environment: environment), workingDirectory: workingDirectory),
      networks: [], log: log, note: note, policy: PartPolicy(hungPatience: nil),
      prepare: { [directory] in try Files.makeFolder(directory) })
  }
}
