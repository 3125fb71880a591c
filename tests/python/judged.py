"""A program for the tests of `check`: exercise 03.1 done right, or one of the things that a judge has to survive.

judged.py HOW PORT [FILE]   HOW is right, mute, flood, stubborn, child or fail
"""

import os
import signal
import socket
import subprocess
import sys


def serve(stream):
    messages, data = 0, b""
    while piece := stream.recv(65536):
        data += piece
        while len(data) >= 5:
            message, data = data[:5], data[5:]
            if message == b"count":
                stream.sendall(b"%d\n" % messages)
            else:
                messages += 1


def remember(pid):
    """Says in FILE which process the test has to look for."""
    with open(sys.argv[3] + ".new", "w") as file:
        file.write(str(pid))
    os.rename(sys.argv[3] + ".new", sys.argv[3])


how = sys.argv[1]
if how == "fail":
    sys.exit("it failed on purpose")
if how == "mute":
    remember(os.getpid())
    signal.pause()
if how == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    remember(os.getpid())
if how == "child":
    remember(subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"]).pid)

with socket.create_server(("127.0.0.1", int(sys.argv[2]))) as listener:
    while True:
        stream, _ = listener.accept()
        with stream:
            try:
                while how == "flood":
                    stream.sendall(b"x" * 65536)
                    print("x" * 65536)
                    print("x" * 65536, file=sys.stderr)
                serve(stream)
            except OSError:
                pass
