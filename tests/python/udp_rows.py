"""The Python side of the table "Python to Rust" in lesson 02: each row prints what came out."""

import os
import socket
import sys
import time


def rows():
    """One line a call: what recvfrom, sendto and connect gave."""
    here = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    here.bind(("127.0.0.1", 0))
    there = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    there.bind(("127.0.0.1", 0))
    here.settimeout(10)
    addr = here.getsockname()

    print("sendto", there.sendto(b"hello", addr))
    data, peer = here.recvfrom(1024)
    print("recvfrom", data.hex(), peer == there.getsockname())
    there.sendto(b"hello", addr)
    there.sendto(b"", addr)
    print("room for one", here.recvfrom(1)[0].hex())
    print("empty", here.recvfrom(1024)[0].hex())
    try:
        there.sendto(bytes(65508), addr)
    except OSError as error:
        print("too large", error.errno)
    here.settimeout(0.01)
    try:
        here.recvfrom(1)
    except socket.timeout:
        print("timeout")
    here.setblocking(False)
    try:
        here.recvfrom(1)
    except BlockingIOError:
        print("would block")
    nobody = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    nobody.bind(("127.0.0.1", 0))
    nobody.connect(nobody.getsockname())  # hears itself only
    there.settimeout(10)
    there.connect(nobody.getsockname())
    there.send(b"x")
    try:
        there.recv(1)
    except ConnectionRefusedError:
        print("refused")
    try:
        there.sendto(b"x", ("255.255.255.255", 9))
    except PermissionError:
        print("permission denied")


def formats():
    """Reads `SECONDS ZONE FORMAT` lines, prints the time as text."""
    for line in sys.stdin:
        seconds, zone, wish = line.rstrip("\n").split(" ", 2)
        os.environ["TZ"] = zone
        time.tzset()
        print(time.strftime(wish, time.localtime(int(seconds))))


{"rows": rows, "formats": formats}[sys.argv[1]]()
