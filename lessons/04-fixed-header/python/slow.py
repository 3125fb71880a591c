# One byte every four seconds: no single read ever waits ten.
import socket
import sys

conn = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
conn.settimeout(4)
message, sent, answer = b"\0\0\0\5hello", 0, None
while answer is None and sent < len(message):
    conn.sendall(message[sent : sent + 1])
    sent += 1
    try:
        answer = conn.recv(100)
    except TimeoutError:
        pass  # four seconds, and the server still waits for more
print(sent, "of", len(message), "bytes sent, answer:", answer)
