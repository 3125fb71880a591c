# A peer that closes raises nothing: recv returns no bytes. Then two tutorials die, or never end.
import socket
import struct

ours, theirs = socket.socketpair()
theirs.close()
try:
    struct.unpack("i", ours.recv(4))
except ConnectionResetError:
    print("this is what the tutorial waits for")
except struct.error as error:
    print("struct.error:", error)

data, rounds = b"", 0
while len(data) < 10 and rounds < 100_000:  # the tutorial has no second condition
    data += ours.recv(1024)
    rounds += 1
print(rounds, "rounds,", len(data), "of 10 bytes, and no end in sight")
