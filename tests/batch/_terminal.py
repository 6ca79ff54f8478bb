# Copyright 2026 the pecapiku authors. MIT license.
"""Runs a command in a pseudo-terminal of so many columns, and writes what it wrote there, byte for byte.

python3 _terminal.py COLUMNS COMMAND...
"""

import errno
import fcntl
import os
import pty
import struct
import sys
import termios

columns, command = int(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    # Before the command begins, and not from outside: it may be quick.
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    os.execvp(command[0], command)
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError as error:
        # The end of a pseudo-terminal.
        if error.errno == errno.EIO:
            break
        raise
    if not data:
        break
    sys.stdout.buffer.write(data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
