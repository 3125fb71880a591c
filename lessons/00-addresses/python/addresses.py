"""The same questions, asked in Python."""
import ipaddress

home = ipaddress.ip_interface("192.168.1.20/24")
print("network  ", home.network)
print("broadcast", home.network.broadcast_address)
print("neighbour", ipaddress.ip_address("192.168.2.20") in home.network)
for text in ["192.168.1.20", "127.0.0.1", "192.0.2.1", "8.8.8.8", "100.64.0.1"]:
    address = ipaddress.ip_address(text)
    print(text, "private", address.is_private, "global", address.is_global)
