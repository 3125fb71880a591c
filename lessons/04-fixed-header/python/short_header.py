# recv(4) gives up to four bytes. Here the network has cut the header in two.
import socket
import struct

ours, theirs = socket.socketpair()
header = struct.pack("i", 5)
theirs.sendall(header[:2])

first = ours.recv(4)
print("recv(4) gave", len(first), "bytes")
theirs.sendall(header[2:] + b"hello")
try:
    print(struct.unpack("i", first))
except struct.error as error:
    print("struct.error:", error)
