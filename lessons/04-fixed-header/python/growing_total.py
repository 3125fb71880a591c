# The receiving loop of a well-known tutorial: it counts the growing total again and again.
import socket


def rounds(length, piece):
    """An answer of `length` bytes, of which the network brings up to `piece` at a time: (received, counted)."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        data, size = b"", 0
        while size < length:
            theirs.sendall(b"x" * min(piece, length - len(data)))
            data += ours.recv(1024)
            size += len(data)
            yield len(data), size


def first_torn(piece):
    """The shortest answer of which the loop leaves something behind."""
    length = 1
    while list(rounds(length, piece))[-1][0] == length:
        length += 1
    return length


for received, counted in rounds(10_000, 1024):
    print("received", received, "counted", counted)
print("stopped with", received, "of 10000 bytes; the next answer begins with what is left")
print("1024 bytes a read: the first answer that is torn has", first_torn(1024), "bytes")
print("1 byte a read: the first answer that is torn has", first_torn(1), "bytes")
