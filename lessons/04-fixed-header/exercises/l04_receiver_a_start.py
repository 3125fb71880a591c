"""Exercise 04.1a, the start in Python: a server that shouts, with one mistake in `receive`. Find it.

Run it: python3 lessons/04-fixed-header/exercises/l04_receiver_a_start.py 8080
Judge it: cargo run -p check 04.1 python3 lessons/04-fixed-header/exercises/l04_receiver_a_start.py {port}
"""

import socket
import sys

LIMIT = 1_048_576  # the most that a message may have


def receive(stream):
    """The next message; None when the client is done."""
    header = stream.recv(4)
    if not header:
        return None
    length = int.from_bytes(header, "big")
    if length > LIMIT:
        raise ValueError(f"{length} bytes are over the limit of {LIMIT}")
    return read_exact(stream, length)


def read_exact(stream, count):
    """Exactly so many bytes."""
    data = b""
    while len(data) < count:
        piece = stream.recv(count - len(data))
        if not piece:
            raise EOFError("the stream ended too early")
        data += piece
    return data


def serve(stream):
    while (message := receive(stream)) is not None:
        stream.sendall(len(message).to_bytes(4, "big") + message.upper())


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as listener:
    while True:
        stream, _ = listener.accept()
        with stream:
            try:
                serve(stream)
            except (OSError, ValueError, EOFError) as error:
                print("client:", error, file=sys.stderr)
