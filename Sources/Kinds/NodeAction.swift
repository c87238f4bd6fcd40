/// What a node can be asked to do once (``Operation``).
package enum NodeAction: String, Sendable, CaseIterable {
  /// The reset button: the machine begins again, with the same stores and disks.
  case reset
  /// The processors stop.
  case pause
  /// They go on.
  case resume
  /// The power is taken away.
  case powerOff
  /// The guest is asked to power off, by the ACPI power button.
  case powerButton
  /// The guest is asked to power off, by the ACPI power button, and the machine begins again when it has.
  case softReboot
  /// Keys are pressed: a ``KeyRequest``.
  case keys
  /// A picture of the screen is taken: a ``Screenshot``.
  case screenshot
  /// What was seen of a machine's boots: a ``BootObservation``.
  case boots
  /// Nothing: answered when the node has taken what was applied before.
  case settle
  /// The bridges and ports as they are.
  case dataplane
  /// A network namespace for a program: a ``ProgramNamespaceRequest``, a ``ProgramNamespace``.
  case makeNamespace
  /// The name of a namespace that is to go, in which nothing runs any more.
  case removeNamespace
  /// The ports of the namespaces that programs run in.
  case listNamespaces
}
