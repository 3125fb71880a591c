"""The same questions, asked in Python."""
import ipaddress

home = ipaddress.ip_interface("192.168.1.20/24")
print("network  ", home.network)
print("broadcast", home.network.broadcast_address)
print("neighbour", ipaddress.ip_address("192.168.2.20") in home.network)
