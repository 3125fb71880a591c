import socket, sys

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("127.0.0.1", int(sys.argv[1])))
print("listening on 127.0.0.1:%d" % sock.getsockname()[1], flush=True)
while True:
    data, peer = sock.recvfrom(1024)  # one datagram, and whose it is
    sock.sendto(data.upper(), peer)
