# A length in digits without an end: what comes, and when, decides what it means.
import socket


def length(*pieces):
    ours, theirs = socket.socketpair()
    theirs.sendall(pieces[0])
    return ours.recv(1024)


print("12345 in one piece:", int(length(b"12345")))
print("12345, cut by the network:", int(length(b"12", b"345")))
try:
    print(int(length(b"5hello")))
except ValueError as error:
    print("a server that does not wait for recv_ready:", error)
