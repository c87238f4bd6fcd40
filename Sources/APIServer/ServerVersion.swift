import Objects

/// The version of Kubernetes that clients are told: one that exists, because they compare it with
/// their own.
enum ServerVersion {
  /// The answer to `/version` (apimachinery, pkg/version).
  static let tree: ObjectNode = [
    "major": "1", "minor": "32", "gitVersion": "v1.32.0", "gitCommit": "", "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z", "goVersion": "", "compiler": "", "platform": "linux/amd64",
  ]
}
