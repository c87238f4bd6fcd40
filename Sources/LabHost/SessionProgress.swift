import Kinds
import Objects
import Planning

/// What a session tells, as it happens; each closure may be called from any thread.
package struct SessionProgress: Sendable {
  /// A problem of the manifests.
  package var problem: @Sendable (Problem) -> Void = { _ in }
  /// The lab is planned and will be made now.
  package var planned: @Sendable (LabPlan) -> Void = { _ in }
  /// A step that takes time, or what a person should know.
  package var note: @Sendable (String) -> Void = { _ in }
  /// Something has happened in the lab.
  package var event: @Sendable (LabEvent) -> Void = { _ in }
  /// A machine's boot is further.
  package var boot: @Sendable (_ machine: String, Boot.Status) -> Void = { _, _ in }
  /// Nothing more will happen that belongs to the picture of the machines.
  package var followed: @Sendable () -> Void = {}
  /// What has gone wrong beside what is thrown.
  package var remark: @Sendable (String) -> Void = { _ in }

  /// Tells nothing.
  package init() {}
}

/// A session was ended before its time, and its lab is removed.
package struct EndedSession: Error, CustomStringConvertible {
  /// The lab's name.
  package let lab: String
  /// What ended it.
  package let reason: any Error

  package var description: String { "the lab \(lab) is removed" }
}
