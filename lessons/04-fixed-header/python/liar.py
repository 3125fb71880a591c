# Four bytes that announce the most that four bytes can say.
import socket
import sys

conn = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
conn.settimeout(5)
conn.sendall(b"\xff\xff\xff\xff")
print("sent 4 bytes, answer:", conn.recv(100))
