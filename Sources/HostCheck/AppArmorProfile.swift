/// The AppArmor profile that lets pxelab make user namespaces and confines it in nothing else
/// (Ubuntu's way for programs that need user namespaces, AppArmor 4).
package enum AppArmorProfile {
  /// The profile's name.
  package static let name = "pxelab"

  /// The profile's text.
  ///
  /// - Parameter executable: the absolute path of the installed pxelab.
  package static func text(executable: String) -> String {
    """
    abi <abi/4.0>,
    include <tunables/global>

    profile \(name) "\(executable)" flags=(unconfined) {
      userns,
      include if exists <local/\(name)>
    }

    """
  }

  /// The commands that put the profile in place.
  package static func installCommand(executable: String) -> String {
    """
    sudo tee /etc/apparmor.d/\(name) >/dev/null <<'EOF'
    \(text(executable: executable))EOF
    sudo apparmor_parser --replace /etc/apparmor.d/\(name)
    """
  }
}
