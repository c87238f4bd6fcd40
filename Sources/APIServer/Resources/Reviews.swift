import Objects

extension ResourceDefinition {
  /// The questions that clients ask about themselves (kubernetes, pkg/registry/authorization and
  /// pkg/registry/authentication): whoever has got so far may do everything in a lab.
  static let reviews: [ResourceDefinition] = [
    ResourceDefinition(
      APIResource(
        GroupResource("selfsubjectrulesreviews", group: "authorization.k8s.io"),
        kind: "SelfSubjectRulesReview", isNamespaced: false),
      review: { _, asked, _ in
        var answer = asked
        answer["status"] = [
          "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
          "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]], "incomplete": false,
        ]
        return answer
      }),
    ResourceDefinition(
      APIResource(
        GroupResource("selfsubjectaccessreviews", group: "authorization.k8s.io"),
        kind: "SelfSubjectAccessReview", isNamespaced: false),
      review: { _, asked, _ in
        var answer = asked
        answer["status"] = ["allowed": true]
        return answer
      }),
    ResourceDefinition(
      APIResource(
        GroupResource("selfsubjectreviews", group: "authentication.k8s.io"),
        kind: "SelfSubjectReview", isNamespaced: false),
      review: { _, asked, _ in
        var answer = asked
        answer["status"] = [
          "userInfo": [
            "username": "pxelab-admin", "groups": ["system:masters", "system:authenticated"],
          ]
        ]
        return answer
      }),
  ]
}
