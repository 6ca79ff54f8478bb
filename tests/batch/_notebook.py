# Copyright 2026 the pecapiku authors. MIT license.
"""Runs one cell in Deno's Jupyter kernel, and prints the messages that tell a page what to show.

Reads {"cwd": "...", "cell": "..."}, and writes [[type, content], ...] as JSON: displays, their updates, and what the cell prints.
"""

import json
import sys

from jupyter_client.manager import start_new_kernel

TIMEOUT = 60
# A kernel may send what a cell prints after the cell has ended, but in order.
MARK = "=== the end ==="
TYPES = ("display_data", "update_display_data", "stream", "error")

task = json.load(sys.stdin)
manager, client = start_new_kernel(startup_timeout=TIMEOUT, kernel_name="deno", cwd=task["cwd"])
messages = []
try:
    client.execute(task["cell"])
    client.execute(f'console.log("{MARK}")')
    while True:
        message = client.get_iopub_msg(timeout=TIMEOUT)
        content = message["content"]
        if MARK in content.get("text", ""):
            break
        if message["msg_type"] in TYPES:
            messages.append([message["msg_type"], content])
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
json.dump(messages, sys.stdout)
