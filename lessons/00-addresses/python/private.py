"""Is it private? And is it global?"""
import ipaddress

for text in ["192.168.1.20", "127.0.0.1", "192.0.2.1", "8.8.8.8", "100.64.0.1"]:
    address = ipaddress.ip_address(text)
    print(text, "private", address.is_private, "global", address.is_global)
