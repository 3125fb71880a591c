"""Runs a program on a terminal of its own and prints what the terminal was sent: terminal.py PROGRAM ARGUMENT..."""

import os
import pty
import sys

status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))
