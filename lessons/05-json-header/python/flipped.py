import hashlib, json, socket, struct, sys

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
conn, peer = listener.accept()
conn.recv(1024)  # whatever was asked for
header = json.dumps({"ok": True, "name": "hello.txt", "size": 5}).encode()
conn.sendall(struct.pack(">I", len(header)) + header)
conn.sendall(b"helln" + hashlib.md5(b"hello").digest())  # one bit of the file has changed
