extension ProtobufShape {
  /// The kinds that clients send in protobuf, by apiVersion and kind, with the numbers of their fields
  /// (k8s.io/api and apimachinery, generated.proto).
  static let objects: [String: ProtobufShape] = [
    "v1 Namespace": object([
      2: ("spec", .message([1: ("finalizers", .list(.text))])),
      3: ("status", .message([1: ("phase", .text)])),
    ]),
    "v1 ConfigMap": object([
      2: ("data", .map(.text)), 3: ("binaryData", .map(.bytes)), 4: ("immutable", .boolean),
    ]),
    "v1 Secret": object([
      2: ("data", .map(.bytes)), 3: ("type", .text), 4: ("stringData", .map(.text)),
      5: ("immutable", .boolean),
    ]),
    "v1 ResourceQuota": object([
      2: ("spec", .message([1: ("hard", .map(.quantity)), 2: ("scopes", .list(.text))]))
    ]),
    "v1 Binding": object([2: ("target", reference)]),
    "v1 Event": object([
      2: ("involvedObject", reference), 3: ("reason", .text), 4: ("message", .text),
      5: ("source", source), 6: ("firstTimestamp", .time(hasFraction: false)),
      7: ("lastTimestamp", .time(hasFraction: false)), 8: ("count", .integer),
      9: ("type", .text), 10: ("eventTime", .time(hasFraction: true)), 11: ("series", series),
      12: ("action", .text), 13: ("related", reference), 14: ("reportingComponent", .text),
      15: ("reportingInstance", .text),
    ]),
    "events.k8s.io/v1 Event": object([
      2: ("eventTime", .time(hasFraction: true)), 3: ("series", series),
      4: ("reportingController", .text), 5: ("reportingInstance", .text), 6: ("action", .text),
      7: ("reason", .text), 8: ("regarding", reference), 9: ("related", reference),
      10: ("note", .text), 11: ("type", .text), 12: ("deprecatedSource", source),
      13: ("deprecatedFirstTimestamp", .time(hasFraction: false)),
      14: ("deprecatedLastTimestamp", .time(hasFraction: false)),
      15: ("deprecatedCount", .integer),
    ]),
    "coordination.k8s.io/v1 Lease": object([
      2: (
        "spec",
        .message([
          1: ("holderIdentity", .text), 2: ("leaseDurationSeconds", .integer),
          3: ("acquireTime", .time(hasFraction: true)),
          4: ("renewTime", .time(hasFraction: true)), 5: ("leaseTransitions", .integer),
        ])
      )
    ]),
    "policy/v1 Eviction": object([2: ("deleteOptions", deleteOptions)]),
    "authorization.k8s.io/v1 SelfSubjectAccessReview": object([
      2: (
        "spec",
        .message([
          1: (
            "resourceAttributes",
            .message([
              1: ("namespace", .text), 2: ("verb", .text), 3: ("group", .text),
              4: ("version", .text), 5: ("resource", .text), 6: ("subresource", .text),
              7: ("name", .text),
            ])
          ),
          2: ("nonResourceAttributes", .message([1: ("path", .text), 2: ("verb", .text)])),
        ])
      )
    ]),
    "authentication.k8s.io/v1 SelfSubjectReview": object([:]),
    "* DeleteOptions": deleteOptions,
  ]

  private static func object(_ fields: [Int: (String, ProtobufShape)]) -> ProtobufShape {
    .message(fields.merging([1: ("metadata", metadata)]) { field, _ in field })
  }

  private static let metadata = ProtobufShape.message([
    1: ("name", .text), 2: ("generateName", .text), 3: ("namespace", .text), 5: ("uid", .text),
    6: ("resourceVersion", .text), 7: ("generation", .integer),
    8: ("creationTimestamp", .time(hasFraction: false)), 11: ("labels", .map(.text)),
    12: ("annotations", .map(.text)),
    13: (
      "ownerReferences",
      .list(
        .message([
          1: ("kind", .text), 3: ("name", .text), 4: ("uid", .text), 5: ("apiVersion", .text),
          6: ("controller", .boolean), 7: ("blockOwnerDeletion", .boolean),
        ]))
    ),
    14: ("finalizers", .list(.text)),
  ])

  private static let reference = ProtobufShape.message([
    1: ("kind", .text), 2: ("namespace", .text), 3: ("name", .text), 4: ("uid", .text),
    5: ("apiVersion", .text), 6: ("resourceVersion", .text), 7: ("fieldPath", .text),
  ])

  private static let source = ProtobufShape.message([1: ("component", .text), 2: ("host", .text)])

  private static let series = ProtobufShape.message([
    1: ("count", .integer), 2: ("lastObservedTime", .time(hasFraction: true)),
  ])

  private static let deleteOptions = ProtobufShape.message([
    1: ("gracePeriodSeconds", .integer),
    2: ("preconditions", .message([1: ("uid", .text), 2: ("resourceVersion", .text)])),
    3: ("orphanDependents", .boolean), 4: ("propagationPolicy", .text),
    5: ("dryRun", .list(.text)),
  ])
}
