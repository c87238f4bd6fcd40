/// A workflow command of GitHub Actions; its values escape what would end them.
struct WorkflowCommand {
  let text: String

  init(_ name: String, properties: [(name: String, value: String)], message: String) {
    let list = properties.map { "\($0.name)=\(Self.property($0.value))" }.joined(separator: ",")
    text = "::\(name)\(list.isEmpty ? "" : " ")\(list)::\(Self.data(message))"
  }

  private static func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
