import socket, sys

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    conn, peer = listener.accept()
    while request := conn.recv(1024):  # one read, one request?
        last = int(request.removeprefix(b"seq "))
        answer = "".join("%d\n" % number for number in range(1, last + 1))
        conn.sendall(answer.encode())  # where does the answer end?
    conn.close()
