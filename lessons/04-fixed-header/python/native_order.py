# "i" is the order of the machine. On a PC that is not the order of the network.
import struct

for code in ("i", "<i", ">i", "!i"):
    print(f"{code:>2}", struct.pack(code, 1000).hex(" "))
print("a PC's 1000, read in network order:", struct.unpack("!i", struct.pack("<i", 1000))[0])
print("i and q, native:", struct.calcsize("iq"), "bytes; without padding:", struct.calcsize("=iq"))
