"""The tutorials' socketserver programs: `server PORT`, `endless PORT`, `client PORT TEXT COUNT`."""
import socket
import socketserver
import sys


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            try:
                data = self.request.recv(1024)
                if not data and sys.argv[1] == "server":
                    break  # `endless` goes on answering nobody, as the tutorial's own does
                msg = "我已收到您的请求[%s],感谢您的关注!" % data.decode("utf-8")
                self.request.send(msg.encode("utf-8"))
            except ConnectionResetError:
                break


if sys.argv[1] != "client":
    socketserver.ThreadingTCPServer.daemon_threads = True
    with socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[2])), Handler) as server:
        print("listening on %s:%d" % server.server_address, flush=True)
        server.serve_forever()
else:
    with socket.create_connection(("127.0.0.1", int(sys.argv[2]))) as client:
        for _ in range(int(sys.argv[4])):
            client.send(sys.argv[3].encode("utf-8"))
            print(client.recv(1024).decode("utf-8"))
