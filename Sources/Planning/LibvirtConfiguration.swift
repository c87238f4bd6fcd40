/// The configuration files of the lab's private libvirtd.
package enum LibvirtConfiguration {
  /// libvirtd.conf: one unix socket in the lab's folder, no network, no authentication beyond the
  /// folder's permissions. The log's folder stands at /var/log/libvirt in the sandbox: log_outputs
  /// cannot hold a path with a space.
  package static func daemon(_ paths: NodePaths) -> String {
    """
    unix_sock_dir = "\(paths.libvirtSockets)"
    unix_sock_rw_perms = "0700"
    unix_sock_ro_perms = "0700"
    unix_sock_admin_perms = "0700"
    auth_unix_ro = "none"
    auth_unix_rw = "none"
    log_outputs = "3:file:/var/log/libvirt/libvirtd.log"

    """
  }

  /// qemu.conf: the sandbox is the confinement, so libvirt adds no label, namespace or cgroup of its
  /// own, and no user where the sandbox's root is an ordinary user outside. It gives nobody's file to
  /// QEMU, and QEMU writes its logs without virtlogd.
  ///
  /// libvirt asks each QEMU that starts which CPU features it has: where QEMU can name those that it lacks,
  /// by some four hundred questions, one for each, which took 0.45 s of a machine's start with QEMU 7.2, which
  /// reads its monitor a byte at a time; where it cannot, by two (libvirt, qemu_process.c,
  /// qemuProcessFetchGuestCPU). So it is told that QEMU cannot. The guest has the same processor.
  ///
  /// - Parameter user: the user that QEMU runs as; `nil` is root.
  package static func qemu(as user: EmulatorUser?) -> String {
    let name = user.map { "+\($0.id)" } ?? "root"
    return """
      user = "\(name)"
      group = "\(name)"
      dynamic_ownership = 0
      remember_owner = 0
      security_driver = "none"
      namespaces = []
      cgroup_controllers = []
      stdio_handler = "file"
      capability_filters = ["cpu-unavailable-features"]

      """
  }
}
