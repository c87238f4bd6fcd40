/// References to variables in a command's words, as Kubernetes has them in a container's `command`
/// (k8s.io/api core/v1, Container.command): `$(NAME)` is the variable's value, `$$` is a dollar
/// sign, and a name that nobody knows is left as it is.
package enum VariableReferences {
  /// The names that a word refers to, in order.
  package static func names(in word: String) -> [String] {
    var names: [String] = []
    _ = replace(in: word) { name in
      names.append(name)
      return nil
    }
    return names
  }

  /// The word with each known variable's value in its place.
  package static func expand(_ word: String, with variables: [String: String]) -> String {
    replace(in: word) { variables[$0] }
  }

  private static func replace(in word: String, _ value: (String) -> String?) -> String {
    var result = ""
    var rest = Substring(word)
    while let dollar = rest.firstIndex(of: "$") {
      result += rest[..<dollar]
      rest = rest[dollar...].dropFirst()
      switch rest.first {
      case "$":
        result += "$"
        rest = rest.dropFirst()
      case "(":
        guard let end = rest.firstIndex(of: ")") else { return result + "$" + rest }
        let name = String(rest[..<end].dropFirst())
        result += value(name) ?? "$(\(name))"
        rest = rest[end...].dropFirst()
      default:
        result += "$"
      }
    }
    return result + rest
  }
}

extension BootServer {
  /// The variables that a server by command has in its environment and may refer to.
  package static let variables: [String] = [
    "PXELAB_ADDRESS", "PXELAB_ATTACHMENT", "PXELAB_BOOT_FILE", "PXELAB_CERTIFICATE",
    "PXELAB_CERTIFICATE_KEY", "PXELAB_DIRECTORY", "PXELAB_INTERFACE", "PXELAB_IPV6_ADDRESS",
    "PXELAB_LEASE_SECONDS", "PXELAB_NETMASK", "PXELAB_NETWORK",
    "PXELAB_PREFIX_LENGTH", "PXELAB_RANGE_END", "PXELAB_RANGE_START", "PXELAB_ROOT",
    "PXELAB_VLAN",
  ]
}
