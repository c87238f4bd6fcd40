import ExternalCommand
import Firmware

/// The program that makes of a file of one form one that is read here.
package struct StoreUnpacking: Sendable {
  /// The program.
  package var program: String
  /// How it comes onto the machine.
  package var installation: String
  /// Its arguments for a file and the file to make.
  var arguments: @Sendable (_ source: String, _ target: String) -> [String]

  /// For a form; `nil` where none is needed, or known.
  init?(_ form: StoreForm) {
    switch form {
    case .qcow2:
      // -U: also of a machine that is on.
      self.init(
        program: "qemu-img",
        installation: "install qemu-utils (Debian, Ubuntu) or qemu-img (Fedora)"
      ) { ["convert", "-U", "-f", "qcow2", "-O", "raw", $0, $1] }
    case .aws:
      self.init(
        program: "uefivars", installation: "`pip install uefivars`"
      ) { ["-i", "aws", "-o", "json", "-I", $0, "-O", $1] }
    case .flash, .blank, .json, .gzip, .code, .unknown: return nil
    }
  }

  private init(
    program: String, installation: String,
    arguments: @escaping @Sendable (String, String) -> [String]
  ) {
    self.program = program
    self.installation = installation
    self.arguments = arguments
  }

  /// What makes the file.
  func command(_ source: String, _ target: String) -> Command {
    Command(program, arguments(source, target))
  }
}
