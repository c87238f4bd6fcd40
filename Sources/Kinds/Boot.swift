import Diagnosis
import Objects

/// One start of an instance: how far its boot has come, and what it was found to be.
///
/// Made by the node that starts the instance, before it does. A reset begins no new boot of one that
/// is still followed: a boot is followed to its end over restarts.
package struct Boot: OwnKind {
  package static let resource = GroupResource("bootverdicts", group: "pxelab.dev")
  package static let kindName = "BootVerdict"
  /// The label with the instance's UID.
  package static let instanceLabel = "pxelab.dev/instance-uid"

  package var metadata: ObjectMetadata
  /// Which start it is.
  package var spec: Spec
  /// What has come of it.
  package var status: Status?

  /// Which start of which instance.
  package struct Spec: Codable, Sendable, Hashable {
    /// The instance's name.
    package var instance: String
    /// What people call it in the lab.
    package var title: String
    /// The instance's UID; of a machine that was never made, its VirtualMachine's.
    package var instanceUID: String
    /// The node that it runs on; `nil` of one that no node takes.
    package var node: String?
    /// Which of the instance's starts, from 1.
    package var start: Int
    /// Whether it is judged: something is expected of it.
    package var isJudged: Bool
    /// Its time limit in seconds.
    package var timeoutSeconds: Double
    /// How long the machine's logs were when it began: what follows there is this start's. `nil` where
    /// nothing was started.
    package var earlierLogs: LogLengths?

    /// A start.
    package init(
      instance: String, title: String, instanceUID: String, node: String?, start: Int,
      isJudged: Bool, timeoutSeconds: Double
    ) {
      self.instance = instance
      self.title = title
      self.instanceUID = instanceUID
      self.node = node
      self.start = start
      self.isJudged = isJudged
      self.timeoutSeconds = timeoutSeconds
    }
  }

  /// How long a machine's logs are, in bytes.
  package struct LogLengths: Codable, Sendable, Hashable {
    /// That of its serial console.
    package var console: Int
    /// That of its QEMU.
    package var emulator: Int

    /// Lengths.
    package init(console: Int, emulator: Int) {
      self.console = console
      self.emulator = emulator
    }
  }

  /// How far it is.
  package enum Phase: String, Codable, Sendable, Hashable {
    /// It is followed.
    case running = "Running"
    /// It is over: judged, or nothing was expected of it.
    case over = "Over"
  }

  /// What has come of it.
  package struct Status: Codable, Sendable, Hashable {
    /// How far it is.
    package var phase: Phase
    /// When it began (RFC 3339).
    package var began: String?
    /// Its stage, in words.
    package var stage: String
    /// How much of the stage is done, in percent, where that is known.
    package var percent: Int?
    /// What is under way, for a person.
    package var activity: String?
    /// By when it must be over (RFC 3339); moved while bytes flow.
    package var deadline: String?
    /// What it was found to be; `nil` while it is followed, and where nothing was expected.
    package var verdict: MachineVerdict?

    /// A status.
    package init(phase: Phase, stage: String, began: String? = nil) {
      self.phase = phase
      self.stage = stage
      self.began = began
    }
  }

  /// A start of an instance, which it outlives: what was found stays known.
  package init(namespace: String, spec: Spec, status: Status? = nil) {
    metadata = ObjectMetadata(
      name: Self.name(instance: spec.instance, uid: spec.instanceUID, start: spec.start),
      namespace: namespace)
    metadata.labels = [Self.instanceLabel: spec.instanceUID]
    self.spec = spec
    self.status = status
  }

  /// The name of a start's object.
  package static func name(instance: String, uid: String, start: Int) -> String {
    "\(instance.prefix(40))-\(uid.prefix(8).lowercased())-\(start)"
  }
}
