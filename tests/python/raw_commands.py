"""The tutorials' unframed programs, in the words of this course.

    raw_commands.py tcp-server            prints `listening on 127.0.0.1:PORT`; stderr, then stdout, in a send each
    raw_commands.py tcp-server-at-once    stdout and stderr in one send
    raw_commands.py tcp-client PORT       one command a line on stdin; an answer is one recv(1024)
    raw_commands.py udp-server            stderr's datagram, then stdout's
    raw_commands.py udp-client PORT       `error : ` in front of stderr's
    raw_commands.py two-sends PORT        sends hello, then egg
    raw_commands.py two-reads             reads 10 bytes, twice

Nothing here says where a message ends: that is the lesson.
"""
import socket
import subprocess
import sys


def done(command):
    # Not a shell, as the tutorials have it: this is a test, and an echo is all it needs.
    ended = subprocess.run(command.decode().split(), capture_output=True)
    return ended.stdout, ended.stderr


def tcp_server(at_once):
    listener = announced(socket.create_server(("127.0.0.1", 0)))
    while True:
        conn, _ = listener.accept()
        while command := conn.recv(1024):
            out, err = done(command)
            if at_once:
                conn.send(out + err)
            else:
                conn.send(err)
                conn.send(out)


def tcp_client(port):
    conn = socket.create_connection(("127.0.0.1", port))
    for command in sys.stdin.buffer.read().splitlines():
        conn.send(command)
        sys.stdout.buffer.write(conn.recv(1024))


def udp_server():
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.1", 0))
    announced(listener)
    while True:
        command, peer = listener.recvfrom(1024)
        out, err = done(command)
        listener.sendto(err, peer)
        listener.sendto(out, peer)


def udp_client(port):
    conn = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    for command in sys.stdin.buffer.read().splitlines():
        conn.sendto(command, ("127.0.0.1", port))
        err, _ = conn.recvfrom(1024)
        out, _ = conn.recvfrom(1024)
        sys.stdout.buffer.write((b"error : " + err if err else b"") + out)


def two_sends(port):
    conn = socket.create_connection(("127.0.0.1", port))
    conn.send(b"hello")
    conn.send(b"egg")


def two_reads():
    listener = announced(socket.create_server(("127.0.0.1", 0)))
    conn, _ = listener.accept()
    for _ in range(2):
        print("----->", conn.recv(10).decode(), flush=True)


def announced(listener):
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    return listener


if __name__ == "__main__":
    kind, port = sys.argv[1], [int(port) for port in sys.argv[2:]]
    {
        "tcp-server": lambda: tcp_server(False),
        "tcp-server-at-once": lambda: tcp_server(True),
        "tcp-client": lambda: tcp_client(*port),
        "udp-server": udp_server,
        "udp-client": lambda: udp_client(*port),
        "two-sends": lambda: two_sends(*port),
        "two-reads": two_reads,
    }[kind]()
