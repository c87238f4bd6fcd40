import Dispatch
import Glibc
import Sockets

/// The supervisor's tie to the command that started it: a unix socket on standard input.
///
/// The command sends the TCP port at which the lab's API is to be served, which it opened where the
/// host's network is. It says `detach` when the lab may go on without it. Until then, or for a lab that was
/// made to be judged and removed, the end of the command ends the lab, however it ended.
enum Lifeline {
  /// The socket of the API's TCP port, which was sent first.
  ///
  /// - Throws: `SocketError`.
  static func receivePort() throws -> Int32 {
    try DescriptorPassing.receive(from: STDIN_FILENO)
  }

  /// Watches standard input on a thread of its own; `cut` is called when it ends undetached.
  static func watch(cut: @escaping @Sendable () -> Void) {
    DispatchQueue(label: "lifeline").async {
      var said: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 64)
      while true {
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        said += buffer[..<count]
      }
      if said != Array("detach".utf8) { cut() }
    }
  }

  /// Tells the command that the control API answers.
  static func announce() {
    let word = Array("listening\n".utf8)
    _ = write(STDOUT_FILENO, word, word.count)
    close(STDOUT_FILENO)
  }
}
