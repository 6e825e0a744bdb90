"""Which addresses of IP belong to hosts of the public internet: nothing else is asked for what a text links to.

Source: https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL = IPv6Network("2000::/3")
_NEVER_4 = tuple(
    map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "168.63.129.16/32"))
)  # the last is the host of a virtual machine at Azure, where GitHub's runners are
_NEVER_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))  # tunnels and examples
"""What not every Python that may run this takes for special."""


def is_public(address: str) -> bool:
    """Whether an address, such as `getaddrinfo` gives it, is one of the public internet; so is that of IPv4 inside of it, if it has one."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inside = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inside is None:
            return ip in _GLOBAL and ip.is_global and not any(ip in network for network in _NEVER_6)
        ip = inside
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NEVER_4)
