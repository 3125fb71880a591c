"""Python's http.client at our server: one connection, many requests."""

import gzip
import http.client
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)


def ask(method, target, body=None, headers={}, **more):
    connection.request(method, target, body, headers, **more)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer


assert ask("GET", "/hello.txt")[:2] == (200, b"hello\n")
status, body, answer = ask("HEAD", "/long.txt")
assert (status, body, answer.length) == (200, b"", 0), (status, body, answer.length)
assert answer.headers["Content-Length"] == "10000"
assert ask("POST", "/echo", b"x" * 100_000)[:2] == (200, b"x" * 100_000)
chunks = iter([b"one", b"two", b"three" * 10_000])
assert ask("POST", "/echo", chunks, encode_chunked=True)[1] == b"onetwo" + b"three" * 10_000
status, body, answer = ask("GET", "/long.txt", headers={"Accept-Encoding": "gzip"})
assert gzip.decompress(body) == b"0123456789" * 1000
assert ask("GET", "/long.txt", headers={"Range": "bytes=10-14"})[:2] == (206, b"01234")
etag = ask("GET", "/hello.txt")[2].headers["ETag"]
assert ask("GET", "/hello.txt", headers={"If-None-Match": etag})[:2] == (304, b"")
assert ask("PUT", "/py.txt", b"from python")[0] == 201
assert ask("PUT", "/py.txt", b"from python")[0] == 204
assert ask("DELETE", "/py.txt")[0] == 405
assert ask("GET", "/no")[0] == 404
assert ask("OPTIONS", "*")[0] == 200
print("all right")
