/// The field apiVersion: `v1`, or `GROUP/VERSION`.
package enum APIVersion {
  /// The API group: `kubevirt.io` of `kubevirt.io/v1`; empty for the core group.
  package static func group(of apiVersion: String) -> String {
    apiVersion.firstIndex(of: "/").map { String(apiVersion[..<$0]) } ?? ""
  }
}
