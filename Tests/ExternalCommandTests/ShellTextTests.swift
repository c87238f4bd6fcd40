import ExternalCommand
import Testing

@Suite struct ShellTextTests {
  @Test(arguments: [
    (Command("ip", ["link", "show"]), "ip link show"),
    (Command("printf", ["a b", "it's", ""]), #"printf 'a b' 'it'\''s' ''"#),
    (Command("x", ["$(reboot)", "a;b", "*"]), "x '$(reboot)' 'a;b' '*'"),
    (Command("x", environment: ["B": "2 3", "A": "1"]), "A=1 B='2 3' x"),
    (
      Command("ip", ["-batch", "-"], input: "link set lo up"),
      "ip -batch - <<'EOF'\nlink set lo up\nEOF"
    ),
  ])
  func quotesWhatAShellWouldTouch(command: Command, text: String) {
    #expect(command.shellText == text)
  }
}
