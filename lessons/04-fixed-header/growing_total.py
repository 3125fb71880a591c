# The receiving loop of a well-known tutorial: it counts the growing total again and again.
import socket

ours, theirs = socket.socketpair()
theirs.sendall(b"x" * 10_000)

data, size = b"", 0
while size < 10_000:
    data += ours.recv(1024)
    size += len(data)
    print("received", len(data), "counted", size)
print("stopped with", len(data), "of 10000 bytes; the next answer begins with what is left")
