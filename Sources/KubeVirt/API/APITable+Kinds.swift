extension APITypes {
  /// The objects around the structures of ``table``, in the same form, and what instance types,
  /// preferences, pools and replica sets have beside them (KubeVirt, main of 2026-08,
  /// staging/src/kubevirt.io/api: instancetype/v1beta1, pool/v1beta1 and core/v1, types.go).
  static let kindTable = """
    CPUInstancetype dedicatedCPUPlacement:bool guest!:uint32 isolateEmulatorThread:bool
      maxSockets:uint32 model:string numa:NUMA realtime:Realtime
    CPUPreferenceRequirement guest!:uint32
    CPUPreferences preferredCPUFeatures:[]CPUFeature preferredCPUTopology:string
      spreadOptions:SpreadOptions
    ClockOffset timezone:string utc:ClockOffsetUTC
    ClockPreferences preferredClockOffset:ClockOffset preferredTimer:Timer
    DevicePreferences preferredAutoattachGraphicsDevice:bool preferredAutoattachInputDevice:bool
      preferredAutoattachMemBalloon:bool preferredAutoattachPodInterface:bool
      preferredAutoattachSerialConsole:bool preferredBlockMultiQueue:bool
      preferredCdromBus:string preferredDisableHotplug:bool preferredDiskBlockSize:BlockSize
      preferredDiskBus:string preferredDiskCache:string preferredDiskDedicatedIoThread:bool
      preferredDiskIO:string preferredInputBus:string preferredInputType:string
      preferredInterfaceMasquerade:InterfaceMasquerade preferredInterfaceModel:string
      preferredLunBus:string preferredNetworkInterfaceMultiQueue:bool
      preferredPanicDeviceModel:string preferredRng:Rng preferredSoundModel:string
      preferredTPM:TPMDevice preferredUseVirtioTransitional:bool preferredVideoType:string
      preferredVirtualGPUOptions:VGPUOptions
    FeaturePreferences preferredAcpi:FeatureState preferredApic:FeatureAPIC
      preferredHyperv:FeatureHyperv preferredKvm:FeatureKVM preferredPvspinlock:FeatureState
      preferredSmm:FeatureState
    FirmwarePreferences preferredEfi:EFI preferredUseBios:bool preferredUseBiosSerial:bool
      preferredUseEfi:bool preferredUseSecureBoot:bool
    MachinePreferences preferredMachineType:string
    MemoryInstancetype guest!:quantity hugepages:Hugepages maxGuest:quantity overcommitPercent:int
    MemoryPreferenceRequirement guest!:quantity
    PreferenceRequirements architecture:string cpu:CPUPreferenceRequirement
      memory:MemoryPreferenceRequirement
    SpreadOptions across:string ratio:uint32
    VirtualMachine apiVersion:string kind:string metadata:ObjectMeta spec!:VirtualMachineSpec
      status:any
    VirtualMachineClusterInstancetype apiVersion:string kind:string metadata:ObjectMeta
      spec!:VirtualMachineInstancetypeSpec
    VirtualMachineClusterPreference apiVersion:string kind:string metadata:ObjectMeta
      spec!:VirtualMachinePreferenceSpec
    VirtualMachineInstance apiVersion:string kind:string metadata:ObjectMeta
      spec!:VirtualMachineInstanceSpec status:any
    VirtualMachineInstanceReplicaSet apiVersion:string kind:string metadata:ObjectMeta
      spec!:VirtualMachineInstanceReplicaSetSpec status:any
    VirtualMachineInstanceReplicaSetSpec paused:bool replicas:int32 selector!:LabelSelector
      template!:VirtualMachineInstanceTemplateSpec
    VirtualMachineInstancetype apiVersion:string kind:string metadata:ObjectMeta
      spec!:VirtualMachineInstancetypeSpec
    VirtualMachineInstancetypeSpec annotations:{}string cpu!:CPUInstancetype gpus:[]GPU
      hostDevices:[]HostDevice ioThreads:DiskIOThreads ioThreadsPolicy:string
      launchSecurity:LaunchSecurity memory!:MemoryInstancetype nodeSelector:{}string
      schedulerName:string
    VirtualMachinePool apiVersion:string kind:string metadata:ObjectMeta
      spec!:VirtualMachinePoolSpec status:any
    VirtualMachinePoolNameGeneration appendIndexToConfigMapRefs:bool appendIndexToSecretRefs:bool
    VirtualMachinePoolSpec autohealing:any maxUnavailable:intOrString
      nameGeneration:VirtualMachinePoolNameGeneration paused:bool replicas:int32
      scaleInStrategy:any selector!:LabelSelector updateStrategy:any
      virtualMachineTemplate!:VirtualMachineTemplateSpec
    VirtualMachinePreference apiVersion:string kind:string metadata:ObjectMeta
      spec!:VirtualMachinePreferenceSpec
    VirtualMachinePreferenceSpec annotations:{}string clock:ClockPreferences cpu:CPUPreferences
      devices:DevicePreferences features:FeaturePreferences firmware:FirmwarePreferences
      machine:MachinePreferences preferSpreadSocketToCoreRatio:uint32
      preferredArchitecture:string preferredLaunchSecurity:LaunchSecurity
      preferredSubdomain:string preferredTerminationGracePeriodSeconds:int64
      requirements:PreferenceRequirements volumes:VolumePreferences
    VirtualMachineTemplateSpec metadata:ObjectMeta spec:VirtualMachineSpec
    VolumePreferences preferredStorageClassName:string
    """
}
