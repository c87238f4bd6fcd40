import ArgumentParser
import Execution
import FileSystem
import Firmware
import LabHost
import LabStore

/// `pxelab efi enroll`.
struct EFIEnroll: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enroll",
    abstract: "Put keys of Secure Boot into the store of a machine that is off.",
    usage: "pxelab efi enroll [MACHINE | --file FILE] [OPTIONS]",
    discussion: """
      Certificates are files in PEM or DER. With a platform key Secure Boot is on at the next start \
      of firmware that can do it.
      """)

  @Argument(help: "The machine's name.")
  var machine: [String] = []

  @Option(name: .long, help: "The platform key, in the place of another.")
  var pk: String?

  @Option(name: .long, help: "A certificate that may change db and dbx; can be repeated.")
  var kek: [String] = []

  @Option(
    name: .long, help: "What may boot: a certificate, an image, or a SHA-256; can be repeated.")
  var db: [String] = []

  @Option(
    name: .long, help: "What may not boot: a certificate, an image, or a SHA-256; can be repeated.")
  var dbx: [String] = []

  @Option(name: .long, help: "A certificate that HTTPS boot trusts; can be repeated.")
  var tlsCA: [String] = []

  @Flag(name: .long, help: "The keys that this machine's firmware comes with: Microsoft's.")
  var microsoft: Bool = false

  @Flag(name: .long, help: "The lab's own keys, made at first use.")
  var labKeys: Bool = false

  @Flag(name: .long, help: "Take the keys that are there out first.")
  var clear: Bool = false

  @OptionGroup var source: EFIStoreOptions

  func validate() throws {
    let isSomething =
      pk != nil || ![kek, db, dbx, tlsCA].allSatisfy(\.isEmpty) || microsoft || labKeys || clear
    guard isSomething else {
      throw ValidationError("nothing to enrol: --lab-keys, --microsoft, --db CERTIFICATE, ...")
    }
    if labKeys, pk != nil { throw ValidationError("--lab-keys and --pk exclude each other") }
  }

  func run() async throws {
    let (store, rest) = try await source.store(machine)
    if let word = rest.first { throw Failure(.usage, "unexpected: \(word)") }
    let runner = SubprocessRunner()
    let signatures = SignatureSource(runner: runner)
    var keys = KeyEnrollment()
    if labKeys {
      guard let lab = store.lab else {
        throw Failure(.usage, "a file has no lab: give a machine's name with --lab-keys")
      }
      keys = try await LabKeys(paths: lab, runner: runner).enrollment()
    }
    if let pk {
      let certificates = try await signatures.certificates(pk)
      guard certificates.count == 1 else {
        throw Failure(.usage, "\(pk): a platform key is one certificate, not \(certificates.count)")
      }
      keys.platformKey = certificates[0]
    }
    for file in kek { keys.keyExchangeKeys += try await signatures.certificates(file) }
    for text in db { keys.allowed += try await signatures.items(text) }
    for text in dbx { keys.forbidden += try await signatures.items(text) }
    for file in tlsCA { keys.authorities += try await signatures.certificates(file) }
    let distribution = microsoft ? try await Self.distributionStore(runner) : nil
    var state = SecureBootState.setupMode
    try await store.change { variables in
      try refusingUsage {
        if clear { variables.removeKeys() }
        if let distribution { try variables.addKeys(of: distribution) }
        try variables.enroll(keys)
      }
      state = SecureBootState(variables)
    }
    try Output.line("\(store.title): Secure Boot at its next start: \(state.rawValue)")
  }

  /// The store with keys that this machine's firmware comes with.
  private static func distributionStore(
    _ runner: any CommandRunner
  ) async throws -> VariableStore {
    let choice: FirmwareChoice
    do {
      choice = try FirmwareChoice.select(
        from: Preparation.firmwares(), request: .init(secureBoot: true, smm: true, machine: "q35"))
    } catch let error as FirmwareChoiceError {
      throw Failure(.host, "\(error)")
    }
    return try await VariableStoreReader(runner: runner).flash(
      VariableStoreFile(path: choice.variablesTemplate.filename))
  }
}
