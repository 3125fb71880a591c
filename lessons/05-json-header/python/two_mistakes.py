# Two lines that the tutorials have in their receivers, and what they give.
import json
import socket

sender, receiver = socket.socketpair()
sender.sendall(b"\x00\x00")  # half of a length; the other half is still on its way
print("recv(4) gave", receiver.recv(4))

header = {"size": 0}  # a variable of the receiver
came = b'{"size": 158}'  # what the sender sent
print("parsed from the variable:", json.loads(json.dumps(header)))
print("parsed from what came:", json.loads(came))
