# send takes what the buffers have room for, and says how much that was. Here nobody looks at what it says.
import socket

ours, theirs = socket.socketpair()
ours.settimeout(1)
answer = b"x" * 1_000_000
sent = ours.send(answer)
print("send took", sent, "of", len(answer), "bytes and raised nothing")
ours.close()

got = 0
while piece := theirs.recv(65536):
    got += len(piece)
print("the reader got", got, "and the end")
