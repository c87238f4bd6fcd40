extension Machine {
  /// One global boot order over disks first, then interfaces, so that a clash blames the
  /// interface.
  func bootOrderCauses() -> [Cause] {
    var causes: [Cause] = []
    var taken: Set<Int> = []
    func check(_ order: Int?, path: String, zeroField: String, zeroPath: String) {
      guard let order else { return }
      if order < 1 {
        causes.append(
          Cause(
            zeroField, "\(zeroPath) must have a boot order > 0, if supplied",
            place: "\(path).bootOrder"))
      } else if !taken.insert(order).inserted {
        causes.append(
          Cause(
            "\(path).bootOrder",
            "Boot order for \(path).bootOrder already set for a different device."))
      }
    }
    for (index, disk) in disks.enumerated() {
      let path = diskPath(index)
      check(disk.bootOrder, path: path, zeroField: "\(path).bootOrder", zeroPath: path)
    }
    for (index, interface) in interfaces.enumerated() {
      // Upstream's path of a zero on an interface lacks `domain.devices.interfaces`.
      let wrong = "\(specPath)[\(index)]"
      check(
        interface.bootOrder, path: interfacePath(index), zeroField: "\(wrong).bootOrder",
        zeroPath: wrong)
    }
    return causes
  }
}
