"""Places the pods that name it, each on the ready node with the fewest pods; of several, on the last by name.

The API's address and token are in the file that KUBECONFIG names, as on a cluster.
"""

import datetime
import os

from kubernetes import client, config, watch

NAME = os.environ.get("PXELAB_SCHEDULER", "my-scheduler")


def fits(node, pod):
    """Whether a node is ready, takes new pods, and has the labels that the pod asks for."""
    conditions = {condition.type: condition.status for condition in node.status.conditions or []}
    labels = node.metadata.labels or {}
    wanted = pod.spec.node_selector or {}
    return (
        conditions.get("Ready") == "True"
        and not node.spec.unschedulable
        and all(labels.get(key) == value for key, value in wanted.items())
    )


def choose(api, pod):
    """The name of the node for a pod; None where none fits."""
    placed = [other.spec.node_name for other in api.list_pod_for_all_namespaces().items]
    names = [node.metadata.name for node in api.list_node().items if fits(node, pod)]
    return min(sorted(names, reverse=True), key=placed.count, default=None)


def bind(api, pod, node):
    """Binds a pod to a node, and says so as schedulers do."""
    namespace, name = pod.metadata.namespace, pod.metadata.name
    api.create_namespaced_binding(
        namespace,
        client.V1Binding(
            metadata=client.V1ObjectMeta(name=name, namespace=namespace),
            target=client.V1ObjectReference(api_version="v1", kind="Node", name=node),
        ),
        # The answer is a Status, which this client takes for a Binding.
        _preload_content=False,
    )
    now = datetime.datetime.now(datetime.timezone.utc)
    api.create_namespaced_event(
        namespace,
        client.CoreV1Event(
            metadata=client.V1ObjectMeta(generate_name=name + "."),
            involved_object=client.V1ObjectReference(
                api_version="v1", kind="Pod", name=name, namespace=namespace, uid=pod.metadata.uid
            ),
            reason="Scheduled",
            message=f"Successfully assigned {namespace}/{name} to {node}",
            type="Normal",
            source=client.V1EventSource(component=NAME),
            first_timestamp=now,
            last_timestamp=now,
            count=1,
        ),
    )
    print(f"{namespace}/{name} goes to {node}", flush=True)


def main():
    config.load_kube_config()
    api = client.CoreV1Api()
    while True:
        # A pod for which there is no node now is looked at again when the watch is over.
        waiting = watch.Watch().stream(
            api.list_pod_for_all_namespaces,
            field_selector=f"spec.schedulerName={NAME},spec.nodeName=",
            timeout_seconds=5,
        )
        for event in waiting:
            pod = event["object"]
            if event["type"] != "ADDED" or pod.metadata.deletion_timestamp:
                continue
            node = choose(api, pod)
            if node:
                bind(api, pod, node)


if __name__ == "__main__":
    main()
