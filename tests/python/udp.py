"""The tutorials' UDP programs, told again in a few lines: the bytes are theirs, the sentences are ours.

    python3 udp.py echo-server | hello-server | chat-server | time-server
    python3 udp.py echo | hello | chat | time  HOST PORT

A server takes a free port and says which. Typed lines come from stdin.
"""

import socket
import sys
import time

ROOM = 1024


def lines():
    return (line.rstrip("\n") for line in sys.stdin)


def a_server():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    print("listening on %s:%d" % sock.getsockname())
    return sock


def echo_server():
    sock = a_server()
    while True:
        data, peer = sock.recvfrom(ROOM)
        sock.sendto(data.upper(), peer)


def hello_server():
    sock = a_server()
    data, peer = sock.recvfrom(ROOM)
    print(data)
    sock.sendto(b"hi", peer)


def chat_server():
    sock = a_server()
    answers = lines()
    while True:
        data, peer = sock.recvfrom(ROOM)
        print(data.decode())
        sock.sendto(next(answers, "").encode(), peer)


def time_server():
    sock = a_server()
    while True:
        wish, peer = sock.recvfrom(ROOM)
        sock.sendto(time.strftime(wish.decode() or "%Y-%m-%d %X").encode(), peer)


def asking(where):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(20)

    def ask(text):
        sock.sendto(text.encode(), where)
        print(sock.recvfrom(ROOM)[0].decode())

    return ask


def echo(where):
    ask = asking(where)
    for line in lines():
        if line == "q":
            break
        if line:
            ask(line)


def hello(where):
    asking(where)("hello")


def chat(where):
    people = {name: asking(where) for name in ("金老板", "哪吒", "egg", "yuan")}
    typed = lines()
    for name in typed:
        for text in typed:
            if text == "q":
                break
            if text and name in people:
                people[name](text)


def ask_time(where):
    ask = asking(where)
    for line in lines():
        ask(line)


SERVERS = {"echo-server": echo_server, "hello-server": hello_server,
           "chat-server": chat_server, "time-server": time_server}
CLIENTS = {"echo": echo, "hello": hello, "chat": chat, "time": ask_time}

if __name__ == "__main__":
    role, where = sys.argv[1], sys.argv[2:]
    if role in SERVERS:
        SERVERS[role]()
    else:
        CLIENTS[role]((where[0], int(where[1])))
