"""The tutorials' TCP programs, told again in a few lines: the bytes are theirs, the sentences are ours.

    python3 tcp.py echo-server | once-server | hello-server | talk-server
    python3 tcp.py echo | hello | talk  HOST PORT

A server takes a free port and says which. Typed lines come from stdin.
"""

import socket
import sys

ROOM = 1024


def typed():
    """What a person types, stripped as the tutorials strip it; nothing typed is nothing sent."""
    for line in sys.stdin:
        if line.strip():
            yield line.strip().encode()


def a_server():
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", 0))
    sock.listen(5)
    print("listening on %s:%d" % sock.getsockname())
    return sock


def echo_server():
    sock = a_server()
    while True:
        conn, _ = sock.accept()
        with conn:
            try:
                while data := conn.recv(ROOM):
                    conn.send(data.upper())
            except OSError:
                pass  # this client only


def once_server():
    conn, _ = a_server().accept()
    conn.send(conn.recv(ROOM).upper())
    conn.close()


def hello_server():
    conn, _ = a_server().accept()
    print(conn.recv(ROOM))
    conn.send(b"hi")
    conn.close()


def talk_server():
    sock = a_server()
    answers = typed()
    while True:
        conn, _ = sock.accept()
        with conn:
            while data := conn.recv(ROOM):
                print(data)
                conn.send(next(answers))


def connected(where):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.settimeout(20)
    sock.connect(where)
    return sock


def echo(where):
    with connected(where) as sock:
        for line in typed():
            if line == b"q":
                break
            sock.send(line)
            print(sock.recv(ROOM).decode())


def hello(where):
    with connected(where) as sock:
        sock.send(b"hello!")
        print(sock.recv(ROOM).decode())


def talk(where):
    with connected(where) as sock:
        for line in typed():
            sock.send(line)
            print(sock.recv(ROOM).decode())


SERVERS = {"echo-server": echo_server, "once-server": once_server,
           "hello-server": hello_server, "talk-server": talk_server}
CLIENTS = {"echo": echo, "hello": hello, "talk": talk}

if __name__ == "__main__":
    role, where = sys.argv[1], sys.argv[2:]
    if role in SERVERS:
        SERVERS[role]()
    else:
        CLIENTS[role]((where[0], int(where[1])))
