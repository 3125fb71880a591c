import socket, sys

listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    conn, peer = listener.accept()
    while data := conn.recv(1024):  # b'' is the end, and it is false
        conn.sendall(data.upper())
    conn.close()
