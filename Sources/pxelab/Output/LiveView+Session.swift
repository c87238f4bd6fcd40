import LabHost

extension SessionProgress {
  /// Shows a session: its problems on standard error, all else in the view, where there is one.
  init(_ view: LiveView?) {
    self.init()
    problem = { complain("\($0)") }
    remark = { complain($0) }
    guard let view else { return }
    planned = { view.begin($0) }
    note = { view.note($0) }
    event = { view.show($0) }
    boot = { view.show($1, of: $0) }
    followed = { view.end() }
  }
}

extension LiveView {
  /// A view whose output's end interrupts what it shows.
  convenience init(_ terminal: Terminal, interrupting interruption: Interruption) {
    self.init(terminal: terminal) { interruption.interrupt(because: $0) }
  }
}
