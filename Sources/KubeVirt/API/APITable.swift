extension APITypes {
  /// The fields of `VirtualMachineSpec` and `VirtualMachineInstanceSpec` and of every structure in
  /// them, derived from the OpenAPI definitions and the Go types of KubeVirt (main of 2026-08,
  /// api/openapi-spec and staging/src/kubevirt.io/api/core/v1).
  ///
  /// A structure a line, continued on lines with an indent: its name, then `field:type`; `!` marks
  /// a field that must be there, `[]` a list, `{}` a mapping with any keys.
  static let table = """
    ACPI msdmNameRef:string slicNameRef:string
    AccessCredential sshPublicKey:SSHPublicKeyAccessCredential
      userPassword:UserPasswordAccessCredential
    AccessCredentialSecretSource secretName:string
    Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
    BIOS useSerial:bool
    BlockSize custom:CustomBlockSize matchVolume:FeatureState
    Bootloader bios:BIOS efi:EFI
    CDRomTarget bus:string readonly:bool tray:string
    CPU cores:uint32 dedicatedCpuPlacement:bool features:[]CPUFeature isolateEmulatorThread:bool
      maxSockets:uint32 model:string numa:NUMA realtime:Realtime sockets:uint32 threads:uint32
    CPUFeature name:string policy:string
    Chassis asset:string manufacturer:string serial:string sku:string version:string
    ClaimRequest claimName:string requestName:string
    ClientPassthroughDevices
    Clock timer:Timer timezone:string utc:ClockOffsetUTC
    ClockOffsetUTC offsetSeconds:int
    CloudInitConfigDriveSource networkData:string networkDataBase64:string
      networkDataSecretRef:LocalObjectReference secretRef:LocalObjectReference userData:string
      userDataBase64:string
    CloudInitNoCloudSource networkData:string networkDataBase64:string
      networkDataSecretRef:LocalObjectReference secretRef:LocalObjectReference userData:string
      userDataBase64:string
    ConfigDriveSSHPublicKeyAccessCredentialPropagation
    ConfigMapVolumeSource name:string optional:bool volumeLabel:string
    ContainerDiskSource image:string imagePullPolicy:enum(Always|IfNotPresent|Never)
      imagePullSecret:string path:string
    ContainerPathVolumeSource path:string readOnly:bool
    CoreDataVolumeSource hotpluggable:bool name:string
    CorePersistentVolumeClaimVolumeSource claimName:string hotpluggable:bool readOnly:bool
    CustomBlockSize discardGranularity:uint logical:uint physical:uint
    DHCPOptions bootFileName:string ntpServers:[]string privateOptions:[]DHCPPrivateOptions
      tftpServerName:string
    DHCPPrivateOptions option:int value:string
    DataVolumeBlankImage
    DataVolumeCheckpoint current:string previous:string
    DataVolumeSource blank:DataVolumeBlankImage gcs:DataVolumeSourceGCS http:DataVolumeSourceHTTP
      imageio:DataVolumeSourceImageIO pvc:DataVolumeSourcePVC registry:DataVolumeSourceRegistry
      s3:DataVolumeSourceS3 snapshot:DataVolumeSourceSnapshot upload:DataVolumeSourceUpload
      vddk:DataVolumeSourceVDDK
    DataVolumeSourceGCS secretRef:string url:string
    DataVolumeSourceHTTP certConfigMap:string extraHeaders:[]string secretExtraHeaders:[]string
      secretRef:string url:string
    DataVolumeSourceImageIO certConfigMap:string diskId:string insecureSkipVerify:bool
      secretRef:string url:string
    DataVolumeSourcePVC name:string namespace:string
    DataVolumeSourceRef kind:string name:string namespace:string
    DataVolumeSourceRegistry certConfigMap:string imageStream:string platform:PlatformOptions
      pullMethod:string secretRef:string url:string
    DataVolumeSourceS3 certConfigMap:string secretRef:string url:string
    DataVolumeSourceSnapshot name:string namespace:string
    DataVolumeSourceUpload
    DataVolumeSourceVDDK backingFile:string extraArgs:string initImageURL:string secretRef:string
      thumbprint:string url:string uuid:string
    DataVolumeSpec checkpoints:[]DataVolumeCheckpoint contentType:string finalCheckpoint:bool
      preallocation:bool priorityClassName:string pvc:PersistentVolumeClaimSpec
      source:DataVolumeSource sourceRef:DataVolumeSourceRef storage:StorageSpec
    DataVolumeTemplateDummyStatus
    DataVolumeTemplateSpec apiVersion:string kind:string metadata:ObjectMeta spec!:DataVolumeSpec
      status:DataVolumeTemplateDummyStatus
    DeprecatedInterfaceMacvtap
    DeprecatedInterfacePasst
    DeprecatedInterfaceSlirp
    Devices autoattachGraphicsDevice:bool autoattachInputDevice:bool autoattachMemBalloon:bool
      autoattachPodInterface:bool autoattachSerialConsole:bool autoattachVSOCK:bool
      blockMultiQueue:bool clientPassthrough:ClientPassthroughDevices disableHotplug:bool
      disks:[]Disk downwardMetrics:DownwardMetrics filesystems:[]Filesystem gpus:[]GPU
      hostDevices:[]HostDevice inputs:[]Input interfaces:[]Interface logSerialConsole:bool
      networkInterfaceMultiqueue:bool panicDevices:[]PanicDevice rng:Rng sound:SoundDevice
      tpm:TPMDevice useVirtioTransitional:bool video:VideoDevice watchdog:Watchdog
    Diag288Watchdog action:string
    Disk blockSize:BlockSize bootOrder:uint cache:string cdrom:CDRomTarget changedBlockTracking:bool
      dedicatedIOThread:bool disk:DiskTarget errorPolicy:string io:string lun:LunTarget name:string
      serial:string shareable:bool tag:string
    DiskIOThreads supplementalPoolThreadCount:uint32
    DiskTarget bus:string pciAddress:string readonly:bool
    DomainSpec chassis:Chassis clock:Clock cpu:CPU devices!:Devices features:Features
      firmware:Firmware ioThreads:DiskIOThreads ioThreadsPolicy:string launchSecurity:LaunchSecurity
      machine:Machine memory:Memory rebootPolicy:string resources:ResourceRequirements
    DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:int32 path:string
      resourceFieldRef:ResourceFieldSelector
    DownwardAPIVolumeSource fields:[]DownwardAPIVolumeFile volumeLabel:string
    DownwardMetrics
    DownwardMetricsVolumeSource
    EFI persistent:bool secureBoot:bool
    EmptyDiskSource capacity!:quantity
    EphemeralVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource
    ExecAction command:[]string
    FeatureAPIC enabled:bool endOfInterrupt:bool
    FeatureHyperv evmcs:FeatureState frequencies:FeatureState ipi:FeatureState
      reenlightenment:FeatureState relaxed:FeatureState reset:FeatureState runtime:FeatureState
      spinlocks:FeatureSpinlocks synic:FeatureState synictimer:SyNICTimer tlbflush:TLBFlush
      vapic:FeatureState vendorid:FeatureVendorID vpindex:FeatureState
    FeatureKVM hidden:bool
    FeatureSpinlocks enabled:bool spinlocks:uint32
    FeatureState enabled:bool
    FeatureVendorID enabled:bool vendorid:string
    Features acpi:FeatureState apic:FeatureAPIC hyperv:FeatureHyperv
      hypervPassthrough:HyperVPassthrough kvm:FeatureKVM pvspinlock:FeatureState smm:FeatureState
    Filesystem name:string virtiofs!:FilesystemVirtiofs
    FilesystemVirtiofs
    Firmware acpi:ACPI bootloader:Bootloader kernelBoot:KernelBoot serial:string uuid:string
    GPU claimName:string deviceName:string name:string requestName:string tag:string
      virtualGPUOptions:VGPUOptions
    GuestAgentPing
    HPETTimer present:bool tickPolicy:string
    HTTPGetAction host:string httpHeaders:[]HTTPHeader path:string port!:intOrString
      scheme:enum(HTTP|HTTPS)
    HTTPHeader name:string value:string
    HostDevice claimName:string deviceName:string name:string requestName:string tag:string
    HostDisk capacity:quantity path:string shared:bool type:string
    Hugepages pageSize:string
    HyperVPassthrough enabled:bool
    HypervTimer present:bool
    I6300ESBWatchdog action:string
    Input bus:string name:string type:string
    InstancetypeMatcher inferFromVolume:string inferFromVolumeFailurePolicy:string kind:string
      name:string revisionName:string
    Interface acpiIndex:int binding:PluginBinding bootOrder:uint bridge:InterfaceBridge
      dhcpOptions:DHCPOptions macAddress:string macvtap:DeprecatedInterfaceMacvtap
      masquerade:InterfaceMasquerade model:string name:string passt:DeprecatedInterfacePasst
      passtBinding:InterfacePasstBinding pciAddress:string portRanges:[]PortRange ports:[]Port
      slirp:DeprecatedInterfaceSlirp sriov:InterfaceSRIOV state:string tag:string
    InterfaceBridge
    InterfaceMasquerade
    InterfacePasstBinding
    InterfaceSRIOV
    KVMTimer present:bool
    KernelBoot container:KernelBootContainer kernelArgs:string
    KernelBootContainer image:string imagePullPolicy:enum(Always|IfNotPresent|Never)
      imagePullSecret:string initrdPath:string kernelPath:string
    LabelSelector matchExpressions:[]LabelSelectorRequirement matchLabels:{}string
    LabelSelectorRequirement key:string operator:string values:[]string
    LaunchSecurity sev:SEV snp:SEVSNP tdx:TDX
    LocalObjectReference name:string
    LunTarget bus:string readonly:bool reservation:bool
    Machine type:string
    ManagedFieldsEntry apiVersion:string fieldsType:string fieldsV1:any manager:string
      operation:string subresource:string time:time
    Memory guest:quantity hugepages:Hugepages maxGuest:quantity reservedOverhead:ReservedOverhead
    MemoryDumpVolumeSource claimName:string hotpluggable:bool readOnly:bool
    MultusNetwork default:bool networkName:string
    NUMA guestMappingPassthrough:NUMAGuestMappingPassthrough
    NUMAGuestMappingPassthrough
    Network multus:MultusNetwork name:string pod:PodNetwork resourceClaim:ClaimRequest
    NoCloudSSHPublicKeyAccessCredentialPropagation
    NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
      requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
    NodeSelector nodeSelectorTerms!:[]NodeSelectorTerm
    NodeSelectorRequirement key:string operator:enum(DoesNotExist|Exists|Gt|In|Lt|NotIn)
      values:[]string
    NodeSelectorTerm matchExpressions:[]NodeSelectorRequirement
      matchFields:[]NodeSelectorRequirement
    ObjectFieldSelector apiVersion:string fieldPath:string
    ObjectMeta annotations:{}string creationTimestamp:time? deletionGracePeriodSeconds:int64
      deletionTimestamp:time finalizers:[]string generateName:string generation:int64
      labels:{}string managedFields:[]ManagedFieldsEntry name:string namespace:string
      ownerReferences:[]OwnerReference resourceVersion:string selfLink:string uid:string
    OwnerReference apiVersion:string blockOwnerDeletion:bool controller:bool kind:string name:string
      uid:string
    PITTimer present:bool tickPolicy:string
    PanicDevice model:string
    PersistentVolumeClaimSpec
      accessModes:[]enum(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod)
      dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference
      resources:VolumeResourceRequirements selector:LabelSelector storageClassName:string
      volumeAttributesClassName:string volumeMode:enum(Block|Filesystem|FromStorageProfile)
      volumeName:string
    PersistentVolumeClaimVolumeSource claimName:string readOnly:bool
    PlatformOptions architecture:string
    PluginBinding name:string
    PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
      requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
    PodAffinityTerm labelSelector:LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string
      namespaceSelector:LabelSelector namespaces:[]string topologyKey:string
    PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
      requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
    PodDNSConfig nameservers:[]string options:[]PodDNSConfigOption searches:[]string
    PodDNSConfigOption name:string value:string
    PodNetwork vmIPv6NetworkCIDR:string vmNetworkCIDR:string
    Port name:string port:int32 protocol:string
    PortRange end:int32 protocol:string start:int32
    PreferenceMatcher inferFromVolume:string inferFromVolumeFailurePolicy:string kind:string
      name:string revisionName:string
    PreferredSchedulingTerm preference!:NodeSelectorTerm weight:int32
    Probe exec:ExecAction failureThreshold:int32 guestAgentPing:GuestAgentPing httpGet:HTTPGetAction
      initialDelaySeconds:int32 periodSeconds:int32 successThreshold:int32 tcpSocket:TCPSocketAction
      timeoutSeconds:int32
    QemuGuestAgentSSHPublicKeyAccessCredentialPropagation users!:[]string
    QemuGuestAgentUserPasswordAccessCredentialPropagation
    RTCTimer present:bool tickPolicy:string track:string
    Realtime mask:string
    ReservedOverhead addedOverhead:quantity memLock:string
    ResourceFieldSelector containerName:string divisor:quantity resource:string
    ResourceRequirements limits:{}quantity overcommitGuestOverhead:bool requests:{}quantity
    Rng
    SEV attestation:SEVAttestation dhCert:string policy:SEVPolicy session:string
    SEVAttestation
    SEVPolicy encryptedState:bool
    SEVSNP
    SSHPublicKeyAccessCredential propagationMethod!:SSHPublicKeyAccessCredentialPropagationMethod
      source!:SSHPublicKeyAccessCredentialSource
    SSHPublicKeyAccessCredentialPropagationMethod
      configDrive:ConfigDriveSSHPublicKeyAccessCredentialPropagation
      noCloud:NoCloudSSHPublicKeyAccessCredentialPropagation
      qemuGuestAgent:QemuGuestAgentSSHPublicKeyAccessCredentialPropagation
    SSHPublicKeyAccessCredentialSource secret:AccessCredentialSecretSource
    SecretVolumeSource optional:bool secretName:string volumeLabel:string
    ServiceAccountVolumeSource serviceAccountName:string
    SoundDevice model:string name:string
    StorageSpec accessModes:[]enum(ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod)
      dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference
      resources:VolumeResourceRequirements selector:LabelSelector storageClassName:string
      volumeMode:enum(Block|Filesystem|FromStorageProfile) volumeName:string
    SyNICTimer direct:FeatureState enabled:bool
    SysprepSource configMap:LocalObjectReference secret:LocalObjectReference
    TCPSocketAction host:string port!:intOrString
    TDX
    TLBFlush direct:FeatureState enabled:bool extended:FeatureState
    TPMDevice enabled:bool persistent:bool
    Timer hpet:HPETTimer hyperv:HypervTimer kvm:KVMTimer pit:PITTimer rtc:RTCTimer
    Toleration effect:enum(NoExecute|NoSchedule|PreferNoSchedule) key:string
      operator:enum(Equal|Exists) tolerationSeconds:int64 value:string
    TopologySpreadConstraint labelSelector:LabelSelector matchLabelKeys:[]string maxSkew:int32
      minDomains:int32 nodeAffinityPolicy:enum(Honor|Ignore) nodeTaintsPolicy:enum(Honor|Ignore)
      topologyKey:string whenUnsatisfiable:enum(DoNotSchedule|ScheduleAnyway)
    TypedLocalObjectReference apiGroup:string kind:string name:string
    TypedObjectReference apiGroup:string kind:string name:string namespace:string
    UserPasswordAccessCredential propagationMethod!:UserPasswordAccessCredentialPropagationMethod
      source!:UserPasswordAccessCredentialSource
    UserPasswordAccessCredentialPropagationMethod
      qemuGuestAgent:QemuGuestAgentUserPasswordAccessCredentialPropagation
    UserPasswordAccessCredentialSource secret:AccessCredentialSecretSource
    UtilityVolume claimName:string name:string readOnly:bool type:string
    VGPUDisplayOptions enabled:bool ramFB:FeatureState
    VGPUOptions display:VGPUDisplayOptions
    VideoDevice type:string
    VirtualMachineInstanceResourceClaim name:string resourceClaimName:string
      resourceClaimTemplateName:string
    VirtualMachineInstanceSpec accessCredentials:[]AccessCredential affinity:Affinity
      architecture:string dnsConfig:PodDNSConfig
      dnsPolicy:enum(ClusterFirst|ClusterFirstWithHostNet|Default|None) domain!:DomainSpec
      evictionStrategy:string hostname:string livenessProbe:Probe networks:[]Network
      nodeSelector:{}string priorityClassName:string readinessProbe:Probe
      resourceClaims:[]VirtualMachineInstanceResourceClaim schedulerName:string
      serviceAccountName:string startStrategy:string subdomain:string
      terminationGracePeriodSeconds:int64 tolerations:[]Toleration
      topologySpreadConstraints:[]TopologySpreadConstraint utilityVolumes:[]UtilityVolume
      volumes:[]Volume
    VirtualMachineInstanceTemplateSpec metadata:ObjectMeta spec:VirtualMachineInstanceSpec
    VirtualMachineSpec dataVolumeTemplates:[]DataVolumeTemplateSpec instancetype:InstancetypeMatcher
      preference:PreferenceMatcher runStrategy:string running:bool
      template!:VirtualMachineInstanceTemplateSpec updateVolumesStrategy:string
    Volume cloudInitConfigDrive:CloudInitConfigDriveSource cloudInitNoCloud:CloudInitNoCloudSource
      configMap:ConfigMapVolumeSource containerDisk:ContainerDiskSource
      containerPath:ContainerPathVolumeSource dataVolume:CoreDataVolumeSource
      downwardAPI:DownwardAPIVolumeSource downwardMetrics:DownwardMetricsVolumeSource
      emptyDisk:EmptyDiskSource ephemeral:EphemeralVolumeSource hostDisk:HostDisk
      memoryDump:MemoryDumpVolumeSource name:string
      persistentVolumeClaim:CorePersistentVolumeClaimVolumeSource secret:SecretVolumeSource
      serviceAccount:ServiceAccountVolumeSource sysprep:SysprepSource
    VolumeResourceRequirements limits:{}quantity requests:{}quantity
    Watchdog diag288:Diag288Watchdog i6300esb:I6300ESBWatchdog name:string
    WeightedPodAffinityTerm podAffinityTerm!:PodAffinityTerm weight:int32
    """
}
