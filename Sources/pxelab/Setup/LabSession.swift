import Control
import Foundation
import LabManifest
import LabPlan
import NetworkAttachment

/// One lab from its manifests to its verdict: what `up` and `test` do.
struct LabSession: Sendable {
  /// How a session ended.
  enum Outcome: Sendable {
    /// A lab of that name was up before.
    case alreadyUp(String)
    /// All machines are judged.
    case judged(LabReport)
  }

  let folders: Folders
  /// Where progress is shown; `nil` shows none.
  let output: Terminal?
  /// The release of the CNI plugins, instead of lab.yaml's.
  var cniPlugins: CNIPluginsVersion?
  /// The host's interfaces that the lab borrows.
  var uplinks = UplinkRequest()
  /// The cards that virtual functions are from, each as `RESOURCE=CARD`.
  var functionCards: [String] = []

  /// Brings the lab up, follows it to the verdict and shows that; `keep` leaves it up after that.
  ///
  /// An interruption or an error removes the lab again, also one of showing.
  func run(
    _ path: String, name: String?, keep: Bool, show: (LabReport) throws -> Void
  ) async throws -> Outcome {
    let interruption = Interruption()
    let input = try LabFolder.load(path, name: name, cniPlugins: cniPlugins)
    let view = output.map { terminal in
      LiveView(terminal: terminal) { interruption.interrupt(because: $0) }
    }
    let launch = try await interruption.cancelling { [folders, uplinks, functionCards] in
      let (plan, images) = try await Preparation(folders: folders, functionCards: functionCards)
        .plan(
          input, from: path, fetching: true, uplinks: uplinks
        ) { view?.note($0) }
      return LabLaunch(
        folders: folders, plan: plan, images: images, manifestFolder: LabFolder.folder(of: path))
    }
    let plan = launch.plan
    view?.begin(plan)
    try interruption.check()
    guard let lab = try await launch.start() else { return .alreadyUp(plan.lab) }
    do {
      let report = try await interruption.cancelling {
        try await follow(lab, view: view)
        return try await lab.client.report()
      }
      view?.end()
      do {
        try show(report)
      } catch let failure as Failure {
        interruption.interrupt(because: failure)
        throw failure
      }
      if keep {
        try lab.detach()
      } else {
        await lab.end()
      }
      return .judged(report)
    } catch {
      view?.end()
      let reason = interruption.reason
      if let reason { complain("\(reason): removing the lab \(plan.lab)") }
      await lab.end()
      if let reason { throw Failure(reason.status, "the lab \(plan.lab) is removed") }
      throw error
    }
  }

  private func follow(_ lab: RunningLab, view: LiveView?) async throws {
    // Not awaited: it lasts as long as the sandbox.
    Task {
      if let notice = await Uplink(plan: lab.plan, sandbox: lab.sandbox).run() {
        view?.note(notice)
      }
    }
    var next = 0
    while true {
      for event in try await lab.client.events(from: next) {
        next = event.number + 1
        view?.show(event)
        switch event.kind {
        case .failure: throw Failure(.lab, event.text)
        case .finished: return
        default: break
        }
      }
    }
  }
}
