# Copyright 2026 the pecapiku authors. MIT license.
"""Runs notebooks in Deno's Jupyter kernel, each in a kernel of its own, and prints what their cells print.

Reads {"cwd": "...", "notebooks": [[["cell", ...], ...], ...]}, notebooks of groups of cells, and writes
[[{"out": "...", "err": "..."}, ...], ...], notebooks of what each group printed, as JSON. With "shows": true, each has
"shown", too: what its cells displayed, by media type.
"""

import json
import sys

from jupyter_client.manager import start_new_kernel

TIMEOUT = 60
# A kernel may send what a cell prints after the cell has ended, but in order. So marks tell what belongs where.
MARK = "=== the end of group "


def run(groups, cwd):
    manager, client = start_new_kernel(startup_timeout=TIMEOUT, kernel_name="deno", cwd=cwd)
    try:
        errors = [execute_group(client, group, index) for index, group in enumerate(groups)]
        printed = [collect(client, index) for index in range(len(groups))]
        for output, error in zip(printed, errors):
            output["err"] = (output["err"] + error).strip()
        return printed
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def execute_group(client, cells, index):
    error = "".join(execute(client, cell) for cell in cells)
    return error + execute(client, f'console.error("{MARK}{index}"); console.log("{MARK}{index}");')


def execute(client, cell):
    request = client.execute(cell)
    while True:
        reply = client.get_shell_msg(timeout=TIMEOUT)
        if reply["parent_header"].get("msg_id") == request:
            content = reply["content"]
            return "" if content["status"] == "ok" else f"{content['ename']}: {content['evalue']}\n"


def collect(client, index):
    output = {"stdout": "", "stderr": ""}
    shown = []
    mark = f"{MARK}{index}\n"
    while not all(text.endswith(mark) for text in output.values()):
        message = client.get_iopub_msg(timeout=TIMEOUT)
        if message["msg_type"] == "stream":
            output[message["content"]["name"]] += message["content"]["text"]
        elif message["msg_type"] in ("execute_result", "display_data"):
            shown.append(message["content"]["data"])
    return {
        **({"shown": shown} if task.get("shows") else {}),
        "out": output["stdout"].removesuffix(mark).strip(),
        "err": output["stderr"].removesuffix(mark).strip(),
    }


task = json.load(sys.stdin)
json.dump([run(notebook, task["cwd"]) for notebook in task["notebooks"]], sys.stdout)
