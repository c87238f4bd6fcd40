import Addresses

extension Machine {
  /// `dhcpOptions` of interfaces.
  func dhcpOptionCauses() -> [Cause] {
    interfaces.enumerated().flatMap { index, interface -> [Cause] in
      guard let options = interface.dhcpOptions else { return [] }
      var causes: [Cause] = []
      let path = "\(interfacePath(index)).dhcpOptions"
      let numbers = options.privateOptions.map(\.option)
      if numbers.contains(where: { !(224...254).contains($0) }) {
        causes.append(
          Cause(
            specPath,
            "provided DHCPPrivateOptions are out of range, must be in range 224 to 254",
            place: "\(path).privateOptions"))
      }
      if Set(numbers).count < numbers.count {
        causes.append(
          Cause(
            specPath,
            "Found Duplicates: you have provided duplicate DHCPPrivateOptions",
            place: "\(path).privateOptions"))
      }
      for (number, server) in options.ntpServers.enumerated() where IPv4Address(server) == nil {
        causes.append(
          Cause(
            "\(path).ntpServers[\(number)]",
            "NTP servers must be a list of valid IPv4 addresses."))
      }
      return causes
    }
  }
}
