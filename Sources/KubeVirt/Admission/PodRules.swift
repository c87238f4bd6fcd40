extension Admission {
  /// Host name and subdomain.
  func nameCauses() -> [Cause] {
    var causes: [Cause] = []
    let rules: [(String, String, (String) -> [String])] = [
      ("hostname", "DNS_LABEL", labelObjections),
      ("subdomain", "DNS_SUBDOMAIN", subdomainObjections),
    ]
    for (key, rule, objections) in rules {
      let name = spec[key].string
      if name.isEmpty { continue }
      let found = objections(name)
      if found.isEmpty { continue }
      let field = "\(path).\(key)"
      causes.append(
        Cause(
          field,
          "\(field) does not conform to the kubernetes \(rule) rules :"
            + " \(found.joined(separator: ", "))"))
    }
    return causes
  }

  /// `startStrategy`: paused, or nothing.
  func startStrategyCauses() -> [Cause] {
    let strategy = spec["startStrategy"]
    guard strategy.exists else { return [] }
    let field = "\(path).startStrategy"
    if strategy.string != "Paused" {
      return [Cause(field, "\(field) is set with an unrecognized option: \(strategy.string)")]
    }
    guard spec["livenessProbe"].exists else { return [] }
    return [
      Cause(
        field,
        "either \(field) or \(path).livenessProbe should be provided.Pausing VMI with"
          + " LivenessProbe is not supported")
    ]
  }

  /// Readiness and liveness.
  func probeCauses() -> [Cause] {
    let hasPodNetwork = networks.contains { $0["pod"].exists }
    return ["readinessProbe", "livenessProbe"].flatMap { name -> [Cause] in
      let probe = spec[name]
      guard probe.exists else { return [] }
      let field = "\(path).\(name)"
      var causes: [Cause] = []
      let handlers = ["httpGet", "tcpSocket", "exec", "guestAgentPing"].filter {
        probe[$0].exists
      }
      if handlers.count > 1 {
        causes.append(Cause(field, "\(field) must have exactly one probe type set"))
      }
      if handlers.isEmpty {
        causes.append(
          Cause(
            field,
            "either \(field).tcpSocket, \(field).exec or \(field).httpGet must be set if a"
              + " \(field) is specified"))
      }
      if !hasPodNetwork {
        for handler in ["httpGet", "tcpSocket"] where probe[handler].exists {
          causes.append(
            Cause(
              "\(field).\(handler)",
              "\(field).\(handler) is only allowed if the Pod Network is attached"))
        }
      }
      return causes
    }
  }

  /// The pod's DNS. Its policy is one of a list already by the API's types.
  func dnsCauses() -> [Cause] {
    let config = spec["dnsConfig"]
    let servers = config["nameservers"].strings
    let place = "\(path).dnsConfig"
    if spec["dnsPolicy"].string == "None" {
      if !config.exists {
        return [Cause(place, "must provide `dnsConfig` when `dnsPolicy` is None")]
      }
      if servers.isEmpty {
        return [
          Cause(
            "nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None",
            place: place)
        ]
      }
    }
    guard config.exists else { return [] }
    var causes: [Cause] = []
    func add(_ field: String, _ message: String) {
      causes.append(Cause(field, message, place: place))
    }
    if servers.count > 3 {
      add(
        "nameservers",
        "must not have more than 3 nameservers: [\(servers.joined(separator: " "))]")
    }
    for server in servers where !isIPv4Address(server) && !isIPv6Address(server) {
      add("nameservers", "must be valid IP address: \(server)")
    }
    let searches = config["searches"].strings
    if searches.count > 6 { add("searchDomains", "must not have more than 6 search paths") }
    if searches.joined(separator: " ").utf8.count > 256 {
      add(
        "searchDomains",
        "must not have more than 256 characters (including spaces) in the search list")
    }
    for search in searches {
      for objection in subdomainObjections(search) { add("searchDomains", objection) }
    }
    for option in config["options"].items where option["name"].string.isEmpty {
      add("options", "Option.Name must not be empty")
    }
    return causes
  }

  /// SSH keys and passwords (validateAccessCredentials).
  func accessCredentialCauses() -> [Cause] {
    let credentials = spec["accessCredentials"].items
    if credentials.isEmpty { return [] }
    let seeds = Set(
      ["cloudInitNoCloud", "cloudInitConfigDrive"].filter { seed in
        volumes.contains { $0[seed].exists }
      })
    return credentials.enumerated().flatMap { index, credential -> [Cause] in
      let path = "\(path).accessCredentials[\(index)]"
      let kinds = ["sshPublicKey", "userPassword"].filter { credential[$0].exists }
      var causes: [Cause] = []
      for kind in kinds {
        let value = credential[kind]
        let field = "\(path).\(kind)"
        let method = value["propagationMethod"]
        let methods = ["noCloud", "configDrive", "qemuGuestAgent"].filter {
          method[$0].exists && (kind == "sshPublicKey" || $0 == "qemuGuestAgent")
        }
        if kind == "sshPublicKey" {
          for (name, volume) in [
            ("noCloud", "cloudInitNoCloud"), ("configDrive", "cloudInitConfigDrive"),
          ] where method[name].exists && !seeds.contains(volume) {
            causes.append(
              Cause(
                "\(field).propagationMethod",
                "\(path) requires a \(name) volume to exist when the \(name) propagationMethod is"
                  + " in use."))
          }
          let agent = method["qemuGuestAgent"]
          if agent.exists, agent["users"].items.isEmpty {
            causes.append(
              Cause(
                "\(field).propagationMethod.qemuGuestAgent.users",
                "\(path) requires at least one user to be present in the users list"))
          }
        }
        if !value["source"]["secret"].exists {
          causes.append(
            Cause("\(field).source", "\(path) must have exactly one source set"))
        }
        if methods.count != 1 {
          causes.append(
            Cause(
              "\(field).propagationMethod",
              "\(path) must have exactly one propagationMethod set"))
        }
      }
      if kinds.count != 1 {
        causes.append(
          Cause(path, "\(path) must have exactly one access credential type set"))
      }
      return causes
    }
  }

  /// Labels and annotations that only a cluster's own components set, or that need a gate.
  func metadataCauses(_ metadata: APIValue, _ path: String) -> [Cause] {
    let reserved: Set<String> = [
      "kubevirt.io/created-by", "kubevirt.io/migrationJobUID", "kubevirt.io/nodeName",
      "kubevirt.io/migrationTargetNodeName", "kubevirt.io/schedulable",
      "kubevirt.io/install-strategy",
    ]
    var causes: [Cause] = []
    if metadata["labels"].keys.contains(where: reserved.contains) {
      causes.append(
        Cause(
          "\(path).labels",
          "creation of the following reserved kubevirt.io/ labels on a VMI object is prohibited"))
    }
    let annotations = metadata["annotations"]
    for (name, gate, what) in [
      ("kubevirt.io/ignitiondata", "ExperimentalIgnitionSupport", "ExperimentalIgnitionSupport"),
      ("hooks.kubevirt.io/hookSidecars", "Sidecar", "sidecar"),
    ] where !annotations[name].string.isEmpty && !cluster.isOn(gate) {
      causes.append(
        Cause(
          "\(path).annotations",
          "\(what) feature gate is not enabled in kubevirt-config, invalid entry"
            + " \(path).annotations.\(name)"))
    }
    return causes
  }
}
