"""A lab by two clients that people use against clusters, kr8s and openshift-python-wrapper: what each
does that kubectl does not. Prints a line for each step that held; KUBECONFIG names the lab."""

import os

import kr8s
from kr8s.objects import ConfigMap, new_class
from ocp_resources.namespace import Namespace
from ocp_resources.resource import get_client
from ocp_resources.virtual_machine import VirtualMachine

MACHINE = {
    "apiVersion": "kubevirt.io/v1",
    "kind": "VirtualMachine",
    "metadata": {"name": "small", "namespace": "default"},
    "spec": {
        "runStrategy": "Halted",
        "template": {"spec": {"domain": {"devices": {}, "memory": {"guest": "64Mi"}}}},
    },
}


def held(step, condition=True):
    assert condition, step
    print(step)


def kr8s_steps():
    api = kr8s.api(kubeconfig=os.environ["KUBECONFIG"])
    held("kr8s: version", api.version()["gitVersion"].startswith("v"))
    held("kr8s: nodes", [node.name for node in kr8s.get("nodes", api=api)] == ["node01"])
    settings = ConfigMap(
        {"metadata": {"name": "of-kr8s", "namespace": "default"}, "data": {"colour": "blue"}},
        api=api,
    )
    settings.create()
    settings.patch({"data": {"colour": "green"}})
    held("kr8s: patch", ConfigMap.get("of-kr8s", "default", api=api).data.colour == "green")
    settings.delete()
    settings.wait("delete", timeout=60)
    held("kr8s: delete", not settings.exists())

    machines = new_class(
        kind="VirtualMachine", version="kubevirt.io/v1", namespaced=True, plural="virtualmachines"
    )
    machine = machines(MACHINE, api=api)
    machine.create()
    machine.label({"made-by": "kr8s"})
    found = list(kr8s.get("virtualmachines.kubevirt.io", label_selector={"made-by": "kr8s"}, api=api))
    held("kr8s: a machine by its label", [each.name for each in found] == ["small"])
    machine.wait("condition=Ready=false", timeout=120)
    held("kr8s: a machine's status")
    machine.delete()
    machine.wait("delete", timeout=120)
    held("kr8s: a machine deleted", not machine.exists())


def wrapper_steps():
    client = get_client(config_file=os.environ["KUBECONFIG"])
    with Namespace(client=client, name="of-wrapper") as namespace:
        namespace.wait_for_status(status=Namespace.Status.ACTIVE, timeout=60)
        machine = VirtualMachine(
            client=client, name="small", namespace="of-wrapper", body=MACHINE
        )
        machine.deploy()
        machine.start(wait=True, timeout=240)
        held("wrapper: started", machine.vmi.status == "Running")
        machine.vmi.pause(wait=True)
        held("wrapper: paused")
        machine.vmi.unpause(wait=True)
        machine.stop(wait=True, timeout=240)
        held("wrapper: stopped", not machine.vmi.exists)
    held("wrapper: its namespace is gone", not namespace.exists)


kr8s_steps()
wrapper_steps()
