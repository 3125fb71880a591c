import socket, sys, time

conn = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
conn.settimeout(1.1)  # between two bytes we listen for a second
for sent, byte in enumerate(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1):
    conn.sendall(bytes([byte]))
    try:
        answer = conn.recv(1000)
    except TimeoutError:
        continue
    print(sent, "bytes sent, answer:", answer.split(b"\r\n")[0])
    break
