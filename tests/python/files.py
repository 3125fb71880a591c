"""Both ends of the tutorials' file download, in the words of this course.

    files.py server FOLDER [--stuck]    prints `listening on 127.0.0.1:PORT`; --stuck: after a file, never leave the loop
    files.py client PORT FOLDER         one name a line on stdin; what came is stored as FOLDER/copy_NAME

Wire: a name, unframed; back come 4 bytes little-endian signed, JSON with `lenth` and `md5`, then the bytes. `{}`: no file.
"""
import hashlib
import json
import os
import socket
import struct
import sys


def server(folder, stuck):
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    while True:
        conn, _ = listener.accept()
        while name := conn.recv(1024).decode():
            path = os.path.join(folder, name)
            if not os.path.isfile(path):
                conn.sendall(struct.pack("<i", 2) + b"{}")
                continue
            with open(path, "rb") as file:
                data = file.read()
            facts = {"lenth": len(data), "md5": hashlib.md5(data).hexdigest(), "size(MB)": round(len(data) / 2**20, 2)}
            header = json.dumps(facts).encode()
            conn.sendall(struct.pack("<i", len(header)) + header + data)
            if stuck:
                listener.accept()  # the tutorials' server loops over empty reads here; waiting for ever costs no processor


def exactly(conn, count):
    data = b""
    while len(data) < count:
        piece = conn.recv(count - len(data))
        if not piece:
            raise EOFError("%d of %d bytes" % (len(data), count))
        data += piece
    return data


def client(port, folder):
    conn = socket.create_connection(("127.0.0.1", port))
    for name in sys.stdin.read().splitlines():
        conn.sendall(name.encode())
        facts = json.loads(exactly(conn, struct.unpack("<i", exactly(conn, 4))[0]))
        if not facts:
            print(name, "missing")
            continue
        assert type(facts["lenth"]) is int and type(facts["size(MB)"]) is float, facts
        data = exactly(conn, facts["lenth"])
        assert hashlib.md5(data).hexdigest() == facts["md5"]
        with open(os.path.join(folder, "copy_" + name), "wb") as file:
            file.write(data)
        print(name, len(data))


if __name__ == "__main__":
    if sys.argv[1] == "server":
        server(sys.argv[2], "--stuck" in sys.argv)
    else:
        client(int(sys.argv[2]), sys.argv[3])
