# Peers that speak the python wire of lesson 04, in the way a careful Python programmer would write them.
# framed.py MODE [PORT] [COUNT]: a server prints where it listens; a client prints what it received.
import socket
import struct
import sys

CANNED = {
    "small": b"hello\n",
    "none": b"",
    "chinese": "粘包\n".encode(),
    "large": bytes(range(256)) * 2000,
}
FLOOD = b"abcdefghijklmnopqrstuvwxyz1234567890"


def exactly(conn, count):
    data = b""
    while len(data) < count:
        piece = conn.recv(count - len(data))
        if not piece:
            raise EOFError(f"{len(data)} of {count} bytes")
        data += piece
    return data


def listener():
    server = socket.create_server(("127.0.0.1", 0))
    print("listening on 127.0.0.1:%d" % server.getsockname()[1])
    return server


def requests():
    with listener() as server:
        conn, _ = server.accept()
        with conn:
            while command := conn.recv(1024):
                yield conn, CANNED.get(command.decode(), b"?")


def text_server():
    for conn, body in requests():
        conn.sendall(str(len(body)).encode())
        if exactly(conn, 10) == b"recv_ready":
            conn.sendall(body)


def header_server():
    for conn, body in requests():
        conn.sendall(struct.pack("i", len(body)))
        conn.sendall(body)


def ask(conn, command):
    conn.sendall(command.encode())


def text_client(port):
    with socket.create_connection(("127.0.0.1", port)) as conn:
        for command in sys.stdin.read().splitlines():
            ask(conn, command)
            length = int(conn.recv(1024))
            conn.sendall(b"recv_ready")
            sys.stdout.buffer.write(exactly(conn, length))


def header_client(port):
    with socket.create_connection(("127.0.0.1", port)) as conn:
        for command in sys.stdin.read().splitlines():
            ask(conn, command)
            (length,) = struct.unpack("i", exactly(conn, 4))
            sys.stdout.buffer.write(exactly(conn, length))


def flood_server(connections):
    with listener() as server:
        for _ in range(connections):
            conn, _ = server.accept()
            count = 0
            with conn:
                try:
                    while True:
                        (length,) = struct.unpack("i", exactly(conn, 4))
                        assert exactly(conn, length) == FLOOD
                        count += 1
                except EOFError as end:
                    print(count, "messages,", end)


def flood_client(port, count):
    with socket.create_connection(("127.0.0.1", port)) as conn:
        for _ in range(count):
            conn.sendall(struct.pack("i", len(FLOOD)))
            conn.sendall(FLOOD)


modes = {
    "text-server": text_server,
    "header-server": header_server,
    "text-client": text_client,
    "header-client": header_client,
    "flood-server": flood_server,
    "flood-client": flood_client,
}
modes[sys.argv[1]](*map(int, sys.argv[2:]))
