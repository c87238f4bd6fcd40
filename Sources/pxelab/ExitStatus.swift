import ArgumentParser

/// The statuses that pxelab exits with; this is their one list.
enum ExitStatus: Int32, CaseIterable {
  case success = 0
  case verdict = 1
  case manifests = 2
  case host = 3
  case image = 4
  case lab = 5
  case capture = 6
  case usage = 64
  case output = 74
  case interrupted = 130

  /// What the status means.
  var meaning: String {
    switch self {
    case .success: "all that was asked for holds"
    case .verdict: "a machine did not boot as promised, or what was checked is refused or broken"
    case .manifests: "the manifests or lab.yaml are refused"
    case .host: "this machine lacks something (`pxelab doctor` says what)"
    case .image: "a netboot image cannot be had"
    case .lab: "the lab could not be made or reached"
    case .capture: "a capture, or a file that goes with it, cannot be read"
    case .usage: "the command line is wrong"
    case .output: "what the command had to say could not be written"
    case .interrupted: "interrupted"
    }
  }

  static var help: String {
    "EXIT STATUS:\n"
      + allCases.map { status in
        let number = String(status.rawValue)
        return "  \(String(repeating: " ", count: 3 - number.count))\(number)  \(status.meaning)"
      }.joined(separator: "\n")
  }
}

/// An error with its exit status; printed as one message.
struct Failure: Error, CustomStringConvertible {
  let status: ExitStatus
  let description: String

  init(_ status: ExitStatus, _ description: String) {
    self.status = status
    self.description = description
  }
}
