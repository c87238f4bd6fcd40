import Planning

/// What a lab that is up has of what a session asks for.
extension LabSession {
  /// The manifests that a lab was made of.
  ///
  /// - Throws: ``LabHostError`` when they are of another folder.
  func former(_ client: LabClient, folder: String) async throws -> ManifestObjects {
    guard let manifests = try await client.manifests() else {
      throw RegistryError.beingMade(client.lab)
    }
    guard manifests.path == folder else {
      throw LabHostError(
        .lab,
        "a lab named \(client.lab) is up already, "
          + (manifests.path.isEmpty ? "without a folder" : "from \(manifests.path)")
          + ": `pxelab down \(client.lab)` first, or use --name")
    }
    return ManifestObjects(manifests.files, lab: client.lab, cniPlugins: cniPlugins)
  }

  /// An uplink is lent when a lab is made, not to one that is up.
  ///
  /// - Throws: ``LabHostError`` when others are asked for than the lab has.
  func refuseOtherUplinks(_ client: LabClient) async throws {
    guard !uplinks.interfaces.isEmpty else { return }
    let plan = try await client.plan()
    guard !plan.has(uplinks) else { return }
    let present = plan.trunks.map { trunk in
      "the uplink \(trunk.interface) on \(trunk.bridge)"
        + (trunk.served.isEmpty
          ? "" : ", serving \(trunk.served.map(\.attachment).joined(separator: ", "))")
    }
    throw LabHostError(
      .lab,
      "the lab \(plan.lab) is up with \(present.isEmpty ? "no uplink" : present.joined(separator: "; "))"
        + ", and an uplink joins only when a lab is made: `pxelab down \(plan.lab)` first, then `up`"
        + " again with the options")
  }

  /// Nodes may join a lab that was made with several; others stay as they are.
  ///
  /// - Throws: ``LabHostError`` when the manifests have others.
  func refuseOtherNodes(_ client: LabClient, _ wanted: PlanningFacts) async throws {
    let present = try await client.facts().nodes
    guard let reason = NodeArrival.refusal(of: wanted.nodes, inPlaceOf: present) else { return }
    throw LabHostError(
      .lab,
      "the lab \(client.lab) is up with \(present.joined(separator: ", ")), and these manifests have "
        + "\(wanted.nodes.joined(separator: ", ")): \(reason); `pxelab down \(client.lab)` first, then "
        + "`up` again")
  }
}
