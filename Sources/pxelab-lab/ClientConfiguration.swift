import FoundationEssentials

/// A kubeconfig: where the lab's API is, and what it is asked with (client-go,
/// tools/clientcmd/api/v1/types.go).
struct ClientConfiguration: Sendable {
  let lab: String
  /// `https://127.0.0.1:40123`.
  let server: String
  /// The authority's certificate in PEM.
  let authority: String
  let token: String

  /// The file's text.
  var text: String {
    let certificate = Data(authority.utf8).base64EncodedString()
    return """
      apiVersion: v1
      kind: Config
      clusters:
      - name: pxelab-\(lab)
        cluster:
          server: \(server)
          certificate-authority-data: \(certificate)
      users:
      - name: pxelab-\(lab)
        user:
          token: "\(token)"
      contexts:
      - name: pxelab-\(lab)
        context:
          cluster: pxelab-\(lab)
          user: pxelab-\(lab)
          namespace: default
      current-context: pxelab-\(lab)

      """
  }
}
