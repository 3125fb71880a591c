"""The Python side of the table "Python to Rust" in lesson 01: each row prints what came out."""

import errno
import socket
import struct
import sys


def connection():
    listener = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    client.settimeout(10)
    server.settimeout(10)
    return client, server


def failing(call):
    """The name of what a call raises."""
    try:
        return repr(call())
    except OSError as error:
        return type(error).__name__


def rows():
    client, server = connection()
    print("send", client.send(b"hello"))
    print("recv", server.recv(1024).decode())
    print("sendall", client.sendall(b"one\ntwo\n"))
    print("makefile", server.makefile("rb").readline().decode().strip())
    client.settimeout(0.01)
    print("settimeout", failing(lambda: client.recv(1)))
    client.setblocking(False)
    print("setblocking", failing(lambda: client.recv(1)))
    client.setblocking(True)
    server.shutdown(socket.SHUT_WR)
    print("end", len(client.recv(1024)))
    print("after shutdown", failing(lambda: server.send(b"x")))

    client, server = connection()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    server.close()
    print("linger 0", failing(lambda: client.recv(1)))

    client, server = connection()
    client.sendall(b"unread")
    server.recv(1, socket.MSG_PEEK)
    server.close()
    print("unread", failing(lambda: client.recv(1)))

    listener = socket.create_server(("127.0.0.1", 0))
    addr = listener.getsockname()
    print("bind", errno.errorcode[bound(addr)])
    print("not ours", errno.errorcode[bound(("192.0.2.1", 0))])
    listener.close()
    print("connect", failing(lambda: socket.create_connection(addr)))
    sock = socket.socket()
    print("connect_ex", sock.connect_ex(addr))


def bound(addr):
    try:
        socket.socket().bind(addr)
        return 0
    except OSError as error:
        return error.errno


def names():
    """Reads error numbers, prints the exception that Python raises for each."""
    for line in sys.stdin:
        print(type(OSError(int(line), "")).__name__)


{"rows": rows, "names": names}[sys.argv[1]]()
