import ArgumentParser
import Execution
import FileSystem
import Firmware
import LabHost
import LabStore
import Planning

/// Which variable store a command is about: a machine's, or a file.
struct EFIStoreOptions: ParsableArguments {
  @Option(name: .long, help: "A store's file, such as OVMF_VARS.fd, instead of a machine.")
  var file: String?

  @Option(
    name: .long,
    help: "The machine's lab, by name or folder; without it the only one with such a machine.")
  var lab: String?

  /// The store, and what is left of the words on the command line after the machine's name.
  func store(_ words: [String]) async throws -> (store: EFIStore, rest: [String]) {
    if let file {
      guard lab == nil else { throw Failure(.usage, "--file and --lab exclude each other") }
      guard Files.exists(file) else {
        throw Failure(.usage, "\(file): no such file" + Self.package(of: file))
      }
      return (EFIStore(title: file, file: VariableStoreFile(path: file)), words)
    }
    guard let machine = words.first else {
      throw Failure(.usage, "which machine? Give its name, or --file with a store's file")
    }
    let labs = LabRegistry(folders: try .current())
    let store = try await MachineStores(labs: labs).store(of: machine, lab: lab)
    return (store, Array(words.dropFirst()))
  }

  /// Which package brings a firmware's own store, where it is known.
  private static func package(of path: String) -> String {
    let packages = [
      "/usr/share/OVMF/": "ovmf", "/usr/share/AAVMF/": "qemu-efi-aarch64",
      "/usr/share/edk2/ovmf/": "edk2-ovmf", "/usr/share/edk2/aarch64/": "edk2-aarch64",
    ]
    let package = packages.first { path.hasPrefix($0.key) }?.value
    return package.map { "; the package \($0) brings what is in that folder" } ?? ""
  }
}

/// A variable store with the name that a person knows it by.
struct EFIStore {
  let title: String
  let file: VariableStoreFile
  /// Whether it outlives the lab; `nil` for a file that is no machine's.
  var isPersistent: Bool?
  /// The lab of the machine.
  var lab: LabPaths?

  /// Reads the store; of a machine that is on, says that it is a snapshot.
  func read() async throws -> StoredVariables {
    let stored = try await contents()
    if file.isInUse {
      complain("\(title) is on: this is a snapshot of its variables, which it may change")
    } else if stored.flash?.isRecovered == true {
      complain(
        "\(title): a crash left an unfinished write; this is what the firmware makes of it at the "
          + "next start")
    }
    if stored.flash?.freeSpace == .unerased {
      complain(
        "\(title): the free space is 00, not FF as in erased flash; the firmware clears it at the "
          + "next start")
    }
    return stored
  }

  /// Changes the store as a whole or not at all, in the form that it has.
  func change(_ body: (inout any EditableVariables) throws -> Void) async throws {
    guard !file.isInUse else {
      throw Failure(
        .lab,
        "\(title) is on, and would overwrite what is written now; turn it off first (`pxelab "
          + "power off`, or shut it down from inside), or read with `pxelab efi list`")
    }
    let stored = try await contents()
    guard var variables = stored.editable else {
      throw Failure(
        .lab,
        "\(title) is \(stored.form.description): it can be read, not changed; "
          + stored.form.wayToChange)
    }
    try body(&variables)
    let bytes = try variables.encoded()
    try attempt { try file.write(bytes) }
    if isPersistent == false {
      complain(
        "\(title) has no `persistent: true`: its next start begins from the template, without this "
          + "change")
    }
  }

  private func contents() async throws -> StoredVariables {
    do {
      return try await VariableStoreReader(runner: SubprocessRunner()).read(file)
    } catch {
      throw Failure(.lab, "\(error)")
    }
  }

  private func attempt<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as VariableStoreFileError {
      throw Failure(.lab, "\(error)")
    }
  }
}

extension StoreForm {
  /// How variables that are only read in this form are changed all the same.
  var wayToChange: String {
    switch self {
    case .qcow2:
      "`pxelab efi export --store -o VARS.fd` makes a raw store of it, and `qemu-img convert -f raw "
        + "-O qcow2` takes that back"
    case .blank: wayOut ?? ""
    default:
      "`pxelab efi export -o vars.json` makes JSON of it, which can be changed, and "
        + "`pxelab efi import` takes that into a store of OVMF"
    }
  }
}

/// Turns the errors of variables into those of the command line.
func refusingUsage<Value>(_ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as EFIDecodingError {
    throw Failure(.usage, "\(error.structure): \(error.reason)")
  } catch let error as VariableStoreFullError {
    throw Failure(.lab, "\(error)")
  }
}
