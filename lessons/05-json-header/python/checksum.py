# TCP's checksum is a sum of words of 16 bits. A sum does not see the order.
import hashlib


def checksum(data):
    total = sum(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


for text in (b"pay Ann 10, Bob 99", b"pay Ann 99, Bob 10"):
    print(text.decode(), f"checksum {checksum(text):04x}, md5", hashlib.md5(text).hexdigest())
