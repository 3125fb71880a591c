"""Both ends of the tutorials' remote command behind a JSON header, in the words of this course.

    json_commands.py server KEY         KEY is data_size or total_size; prints `listening on 127.0.0.1:PORT`
    json_commands.py client PORT KEY    one command a line on stdin; the outputs go to stdout as they are

Wire: a command, unframed; back come 4 bytes little-endian signed, JSON with KEY, then that many bytes of output.
"""
import json
import socket
import struct
import subprocess
import sys


def server(key):
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    while True:
        conn, _ = listener.accept()
        while command := conn.recv(1024):
            # Not a shell, as the tutorials have it: this is a test, and an echo is all it needs.
            done = subprocess.run(command.decode().split(), capture_output=True)
            header = json.dumps({"filename": "a.txt", key: len(done.stdout + done.stderr)}).encode()
            conn.sendall(struct.pack("<i", len(header)) + header + done.stdout + done.stderr)


def exactly(conn, count):
    data = b""
    while len(data) < count:
        piece = conn.recv(count - len(data))
        if not piece:
            raise EOFError("%d of %d bytes" % (len(data), count))
        data += piece
    return data


def client(port, key):
    conn = socket.create_connection(("127.0.0.1", port))
    for command in sys.stdin.read().splitlines():
        conn.sendall(command.encode())
        header = json.loads(exactly(conn, struct.unpack("<i", exactly(conn, 4))[0]))
        sys.stdout.buffer.write(exactly(conn, header[key]))


if __name__ == "__main__":
    if sys.argv[1] == "server":
        server(sys.argv[2])
    else:
        client(int(sys.argv[2]), sys.argv[3])
