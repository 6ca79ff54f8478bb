# Copyright 2026 the pecapiku authors. MIT license.
"""Runs cells in Deno's Jupyter kernel, and stops kernels in the middle of a cell.

Reads {"cwd": "...", "kernels": [{"cells": ["...", ...], "stop": {"cell": "...", "lines": n, "how": "..."}}, ...]}; the
kernels run one after another. `stop` may be missing: its cell is run after the others, and the kernel is stopped
once that cell has printed so many lines. Writes [{"outputs": [[...], ...], "lines": ["...", ...]}, ...] as JSON: the
outputs of each cell as a notebook has them, and the lines that the last cell printed before the end. Of what is changed
where it stands, such as a bar, a notebook has the last state.
"""

import json
import sys

from jupyter_client.manager import start_new_kernel

TIMEOUT = 60
# A kernel may send what a cell prints after the cell has ended, but in order. So marks tell what belongs where.
MARK = "=== the end of the cell"
STREAMS = ("stdout", "stderr")


def run(task, cwd):
    manager, client = start_new_kernel(startup_timeout=TIMEOUT, kernel_name="deno", cwd=cwd)
    try:
        displays = {}
        outputs = [execute(client, cell, displays) for cell in task["cells"]]
        stop = task.get("stop")
        lines = [] if stop is None else run_and_stop(manager, client, stop)
        return {"outputs": outputs, "lines": lines}
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def execute(client, cell, displays):
    request = client.execute(cell)
    marking = client.execute(f'console.error("{MARK}"); console.log("{MARK}");')
    outputs = []
    ended = set()
    idle = False
    while not (idle and len(ended) == len(STREAMS)):
        message = client.get_iopub_msg(timeout=TIMEOUT)
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            name, text = content["name"], content["text"]
            if text.endswith(f"{MARK}\n"):
                ended.add(name)
                text = text.removesuffix(f"{MARK}\n")
            add_text(outputs, name, text)
        elif kind in ("error", "execute_result", "display_data"):
            identity = content.pop("transient", {}).get("display_id")
            output = {"output_type": kind, **content}
            outputs.append(output)
            if identity is not None:
                displays.setdefault(identity, []).append(output)
        elif kind == "update_display_data":
            # Whatever was shown under this identity, in this cell or one before, changes.
            for output in displays[content["transient"]["display_id"]]:
                output.update(data=content["data"], metadata=content["metadata"])
        elif kind == "status" and message["parent_header"].get("msg_id") == marking:
            idle = idle or content["execution_state"] == "idle"
    take_reply(client, request)
    take_reply(client, marking)
    return outputs


def add_text(outputs, name, text):
    if not text:
        return
    if outputs and outputs[-1].get("name") == name:
        outputs[-1]["text"] += text
    else:
        outputs.append({"output_type": "stream", "name": name, "text": text})


def take_reply(client, request):
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == request:
            return


def run_and_stop(manager, client, stop):
    client.execute(stop["cell"])
    text = ""
    while text.count("\n") < stop["lines"]:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["msg_type"] == "error":
            raise RuntimeError(message["content"]["evalue"])
        if message["msg_type"] == "stream":
            text += message["content"]["text"]
    process = manager.provisioner.process
    if stop["how"] == "interrupt":
        manager.interrupt_kernel()
    elif stop["how"] == "shutdown":
        client.shutdown()
    else:
        process.kill()
    # Deno's kernel ends at an interrupt, too. One that only ended the cell would be stopped by whoever called this.
    if stop["how"] != "interrupt":
        process.wait(TIMEOUT)
    return text.splitlines()


task = json.load(sys.stdin)
json.dump([run(kernel, task["cwd"]) for kernel in task["kernels"]], sys.stdout)
