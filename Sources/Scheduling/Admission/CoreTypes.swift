import KubeVirt

/// The types of pods and nodes, as far as placement looks at them (k8s.io/api/core/v1, types.go).
enum CoreTypes {
  static let structures = APITypes.parse(table)

  /// In the form of ``APITypes``; `enum(NAME)` is a text of the Go type with that name.
  private static let table = """
    Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
    Container args:[]string command:[]string env:any envFrom:any image:string
      imagePullPolicy:enum(v1.PullPolicy) lifecycle:any livenessProbe:any name:string
      ports:[]ContainerPort readinessProbe:any resizePolicy:any resources:ResourceRequirements
      restartPolicy:enum(v1.ContainerRestartPolicy) restartPolicyRules:any securityContext:any
      startupProbe:any stdin:bool stdinOnce:bool terminationMessagePath:string
      terminationMessagePolicy:enum(v1.TerminationMessagePolicy) tty:bool volumeDevices:any
      volumeMounts:any workingDir:string
    ContainerImage names:[]string sizeBytes:int64
    ContainerPort containerPort:int32 hostIP:string hostPort:int32 name:string
      protocol:enum(v1.Protocol)
    LabelSelector matchExpressions:[]LabelSelectorRequirement matchLabels:{}string
    LabelSelectorRequirement key:string operator:enum(v1.LabelSelectorOperator) values:[]string
    Node apiVersion:string kind:string metadata:ObjectMeta spec:NodeSpec status:NodeStatus
    NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
      requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
    NodeSelector nodeSelectorTerms:[]NodeSelectorTerm
    NodeSelectorRequirement key:string operator:enum(v1.NodeSelectorOperator) values:[]string
    NodeSelectorTerm matchExpressions:[]NodeSelectorRequirement
      matchFields:[]NodeSelectorRequirement
    NodeSpec configSource:any externalID:string podCIDR:string podCIDRs:[]string providerID:string
      taints:[]Taint unschedulable:bool
    NodeStatus addresses:any allocatable:{}quantity capacity:{}quantity conditions:any config:any
      daemonEndpoints:any declaredFeatures:any features:any images:[]ContainerImage nodeInfo:any
      phase:enum(v1.NodePhase) runtimeHandlers:any volumesAttached:any volumesInUse:any
    ObjectMeta annotations:{}string creationTimestamp:any deletionGracePeriodSeconds:int64
      deletionTimestamp:any finalizers:[]string generateName:string generation:int64
      labels:{}string managedFields:any name:string namespace:string ownerReferences:any
      resourceVersion:string selfLink:string uid:enum(types.UID)
    Pod apiVersion:string kind:string metadata:ObjectMeta spec:PodSpec status:any
    PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
      requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
    PodAffinityTerm labelSelector:LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string
      namespaceSelector:LabelSelector namespaces:[]string topologyKey:string
    PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
      requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
    PodSchedulingGate name:string
    PodSpec activeDeadlineSeconds:int64 affinity:Affinity automountServiceAccountToken:bool
      containers:[]Container dnsConfig:any dnsPolicy:enum(v1.DNSPolicy) enableServiceLinks:bool
      ephemeralContainers:any hostAliases:any hostIPC:bool hostNetwork:bool hostPID:bool
      hostUsers:bool hostname:string hostnameOverride:string imagePullSecrets:any
      initContainers:[]Container nodeName:string nodeSelector:{}string os:any overhead:{}quantity
      preemptionPolicy:enum(v1.PreemptionPolicy) priority:int32 priorityClassName:string
      readinessGates:any resourceClaims:any resources:ResourceRequirements
      restartPolicy:enum(v1.RestartPolicy) runtimeClassName:string schedulerName:string
      schedulingGates:[]PodSchedulingGate schedulingGroup:any securityContext:any
      serviceAccount:string serviceAccountName:string setHostnameAsFQDN:bool
      shareProcessNamespace:bool subdomain:string terminationGracePeriodSeconds:int64
      tolerations:[]Toleration topologySpreadConstraints:[]TopologySpreadConstraint volumes:any
      workloadRef:any
    PreferredSchedulingTerm preference:NodeSelectorTerm weight:int32
    PriorityClass apiVersion:string description:string globalDefault:bool kind:string
      metadata:ObjectMeta preemptionPolicy:enum(v1.PreemptionPolicy) value:int32
    ResourceRequirements claims:any limits:{}quantity requests:{}quantity
    Taint effect:enum(v1.TaintEffect) key:string timeAdded:any value:string
    Toleration effect:enum(v1.TaintEffect) key:string operator:enum(v1.TolerationOperator)
      tolerationSeconds:int64 value:string
    TopologySpreadConstraint labelSelector:LabelSelector matchLabelKeys:[]string maxSkew:int32
      minDomains:int32 nodeAffinityPolicy:enum(v1.NodeInclusionPolicy)
      nodeTaintsPolicy:enum(v1.NodeInclusionPolicy) topologyKey:string
      whenUnsatisfiable:enum(v1.UnsatisfiableConstraintAction)
    WeightedPodAffinityTerm podAffinityTerm:PodAffinityTerm weight:int32
    """
}
