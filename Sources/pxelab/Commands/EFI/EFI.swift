import ArgumentParser

/// `pxelab efi`.
struct EFI: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "efi",
    abstract: "Read and change the EFI variables of a machine.",
    discussion: """
      A machine that is on is read as it is at that moment; only one that is off can be changed. A \
      variable is named as in `list`: db, Boot0001, or NAME-GUID.
      """,
    subcommands: [
      EFIList.self, EFIGet.self, EFISet.self, EFIDelete.self, EFIExport.self, EFIImport.self,
      EFIDiff.self, EFIEnroll.self,
    ])
}
