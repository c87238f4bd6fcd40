import Logging
import Objects
import Reconciliation
import Store

/// The controllers of a lab, run together.
package struct LabControllers: Sendable {
  private let runners: [ControllerRunner]

  /// All controllers of a store.
  ///
  /// - Parameters:
  ///   - admit: what the API makes of an instance that a machine's controller creates.
  ///   - issuer: who makes certificates; without one nobody keeps any.
  ///   - nodeGracePeriod: the seconds after which a node's lease is too old.
  package init(
    store: Store, clock: any ControllerClock = SystemClock(), logger: Logger,
    admit: @escaping VirtualMachineReconciler.Admission,
    issuer: (any CertificateIssuer)? = nil, nodeGracePeriod: Int = 40
  ) {
    var reconcilers = Self.reconcilers(admit, nodeGracePeriod: nodeGracePeriod)
    if let issuer { reconcilers.append(CertificateReconciler(issuer: issuer)) }
    runners = reconcilers.map {
      ControllerRunner($0, store: store, clock: clock, logger: logger)
    }
  }

  /// The controllers without the one that needs an issuer of certificates.
  package static func reconcilers(
    _ admit: @escaping VirtualMachineReconciler.Admission, nodeGracePeriod: Int
  ) -> [any Reconciler] {
    [
      VirtualMachineReconciler(admit: admit), VirtualMachineInstanceReconciler(),
      LauncherPodReconciler(), Scheduler(),
      NodeLifecycle(gracePeriod: nodeGracePeriod), TaintEvictionReconciler(), QuotaReconciler(),
      LabReconciler(), HyperConvergedReconciler(), NamespaceReconciler(), Expiry(),
    ]
  }

  /// Runs until the task is cancelled or the store is closed.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      for runner in runners { group.addTask { await runner.run() } }
    }
  }
}
