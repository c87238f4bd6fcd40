extension IPAMConfig {
  /// The structures of the plugins `host-local` (plugins/ipam/host-local/backend/allocator/config.go)
  /// and `static` (plugins/ipam/static/main.go), by the plugins' names.
  static let structures: [String: GoStructure] = [
    "host-local": GoStructure(
      name: "IPAMConfig",
      fields: range.map { field in
        var field = field
        field.embedded = "Range"
        return field
      } + [
        .init(name: "type", type: .string),
        .init(name: "routes", type: routes),
        .init(name: "dataDir", type: .string),
        .init(name: "resolvConf", type: .string),
        .init(
          name: "ranges",
          type: .list(
            .list(
              .structure(GoStructure(name: "Range", fields: range), name: "allocator.Range"),
              name: "allocator.RangeSet"), name: "[]allocator.RangeSet")),
      ]),
    "static": GoStructure(
      name: "IPAMConfig",
      fields: [
        .init(name: "type", type: .string),
        .init(name: "routes", type: routes),
        .init(
          name: "addresses",
          type: .list(
            .structure(
              GoStructure(
                name: "Address",
                fields: [
                  .init(name: "address", type: .string),
                  .init(name: "gateway", type: .text(name: "net.IP")),
                ]), name: "main.Address"), name: "[]main.Address")),
        .init(name: "dns", type: .dns),
      ]),
  ]

  private static let range: [GoStructure.Field] = [
    .init(name: "rangeStart", type: .text(name: "net.IP")),
    .init(name: "rangeEnd", type: .text(name: "net.IP")),
    .init(name: "subnet", type: .string),
    .init(name: "gateway", type: .text(name: "net.IP")),
  ]

  private static let routes = GoType.list(
    .structure(
      GoStructure(
        name: "route",
        fields: [
          .init(name: "dst", type: .string),
          .init(name: "gw", type: .text(name: "net.IP")),
        ], readsItself: true), name: "types.route"), name: "[]*types.Route")
}
