"""FIG. 3 in network namespaces of this machine, driven by lines of JSON on stdin.

One line in, one line out. Nothing is judged here: packets go in as bytes, and what each interface saw comes back as bytes.
The topology is given by the first line (see topology.ts). Everything disappears when stdin ends.
"""

import ctypes
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

ETH_P_ALL = 3
ETH_P_IP = 0x0800
ETH_P_ARP = 0x0806
ETH_P_IPV6 = 0x86DD
PACKET_OTHERHOST = 3
PACKET_OUTGOING = 4
SIOCETHTOOL = 0x8946
# ETHTOOL_STXCSUM, _SSG, _STSO, _SGSO, _SGRO: with them a capture would show unfinished checksums and merged packets
OFFLOADS = [0x17, 0x19, 0x1F, 0x24, 0x2C]
CLONE_NEWNET = 0x40000000

HEARING = "*raw\nCOMMIT\n"
DEAF = "*raw\n-A PREROUTING -j DROP\nCOMMIT\n"
# ARP passes by iptables, neighbour discovery does not
DEAF_BUT_TO_NEIGHBOURS = (
    "*raw\n"
    "-A PREROUTING -p icmpv6 --icmpv6-type neighbour-solicitation -j ACCEPT\n"
    "-A PREROUTING -p icmpv6 --icmpv6-type neighbour-advertisement -j ACCEPT\n"
    "-A PREROUTING -j DROP\n"
    "COMMIT\n"
)

libc = ctypes.CDLL(None, use_errno=True)


class Kernel:
    def __init__(self, topology):
        self.prefix = f"vnsim-{os.getpid()}-"
        self.names = topology["namespaces"]
        self.interfaces = topology["interfaces"]
        self.is_ipv6 = topology.get("family") == 6
        self.restore = "ip6tables-restore" if self.is_ipv6 else "iptables-restore"
        self.handles = {}
        self.captures = {}
        self.senders = {}
        self.routers = {}
        self.speakers = {}
        self.muted = set()
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)

    def build(self, topology):
        for name in self.names:
            run(["ip", "netns", "add", self.prefix + name])
            self.handles[name] = os.open(f"/run/netns/{self.prefix}{name}", os.O_RDONLY)
        for name in self.names:
            self.enter(name)
            for setting, value in topology["settings"]["*"] + topology["settings"].get(name, []):
                write_setting(setting, value)
        self.leave()
        batch = "\n".join(line.replace("@", self.prefix) for line in topology["links"])
        run(["ip", "-batch", "-"], batch)
        for name, lines in topology["addresses"].items():
            run(["ip", "-n", self.prefix + name, "-batch", "-"], "\n".join(lines))
        for name, rules in topology["rules"].items():
            self.inside(name, [self.restore], rules)
        # interfaces exist now, and have settings of their own
        for name, settings in topology["interface_settings"].items():
            self.enter(name)
            for setting, value in settings:
                write_setting(setting, value)
        self.wait_until_it_works(topology["probe"])
        for point in self.interfaces:
            self.open(point)
        self.leave()

    def wait_until_it_works(self, probe):
        """Links need up to a second to come up: asks a closed port at the far end until its refusal is heard."""
        self.enter(probe["from"])
        give_up = time.monotonic() + 15
        family = socket.AF_INET6 if ":" in probe["to"] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as asker:
            asker.settimeout(0.1)
            asker.connect((probe["to"], probe["port"]))
            while time.monotonic() < give_up:
                try:
                    asker.send(b"ready?")
                    asker.recv(1)
                except ConnectionRefusedError:
                    return
                except OSError:
                    time.sleep(0.05)
        raise OSError("the namespaces are there, but nothing comes through")

    def open(self, point):
        place = self.interfaces[point]
        self.enter(place["namespace"])
        for offload in OFFLOADS:
            switch_off(place["name"], offload)
        capture = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        capture.bind((place["name"], ETH_P_ALL))
        capture.setblocking(False)
        self.captures[point] = capture
        sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        sender.bind((place["name"], 0))
        self.senders[point] = sender
        self.routers[point] = {
            4: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW),
            6: socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW),
        }

    def enter(self, name):
        setns(self.handles[name])

    def leave(self):
        setns(self.home)

    def inside(self, name, command, text=None):
        run(["ip", "netns", "exec", self.prefix + name] + command, text)

    def send(self, order):
        """Puts a packet on the wire of an interface, or hands it to the machine's own stack to be routed."""
        packet = bytes.fromhex(order["packet"])
        place = self.interfaces[order["at"]]
        version = packet[0] >> 4
        if order["stack"]:
            target = socket.inet_ntoa(packet[16:20]) if version == 4 else socket.inet_ntop(socket.AF_INET6, packet[24:40])
            self.routers[order["at"]][version].sendto(packet, (target, 0))
            return {}
        link = bytes.fromhex(place["next"].replace(":", "")) + bytes.fromhex(place["mac"].replace(":", ""))
        self.senders[order["at"]].send(link + struct.pack("!H", ETH_P_IP if version == 4 else ETH_P_IPV6) + packet)
        return {}

    def raw(self, order):
        """Puts a whole frame on the wire of an interface."""
        self.senders[order["at"]].send(bytes.fromhex(order["frame"]))
        return {}

    def rules(self, order):
        """Other rules for a namespace, in place of all that it has."""
        self.inside(order["at"], [self.restore], order["rules"])
        return {}

    def say(self, order):
        """An application sends a datagram; an error that an earlier one has drawn is reported first, and then it says it again."""
        self.enter(order["at"])
        if order["at"] not in self.speakers:
            speaker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            speaker.bind(("0.0.0.0", 40_000))
            speaker.connect((order["target"], 1792))
            self.speakers[order["at"]] = speaker
        self.leave()
        text = bytes(0x61 + index % 26 for index in range(order["size"] - 28))
        for _ in range(2):
            try:
                self.speakers[order["at"]].send(text)
                return {}
            except OSError:
                continue
        raise OSError("the datagram cannot be sent")

    def listen(self, order):
        """What all interfaces have seen, once there was nothing new for `quiet` seconds."""
        seen = []
        points = {capture: point for point, capture in self.captures.items()}
        while True:
            ready, _, _ = select.select(list(points), [], [], order["quiet"])
            if not ready:
                return {"seen": seen}
            for capture in ready:
                frame, address = capture.recvfrom(65535)
                ether_type = struct.unpack("!H", frame[12:14])[0]
                # a bridge floods what it has not learned: that is for somebody else
                if address[2] != PACKET_OTHERHOST and ether_type in (ETH_P_IP, ETH_P_ARP, ETH_P_IPV6):
                    direction = "out" if address[2] == PACKET_OUTGOING else "in"
                    seen.append([points[capture], direction, frame.hex()])

    def mute(self, order):
        """Machines that hear nothing: their interface still sees what comes."""
        wanted = set(order["machines"])
        for name in wanted - self.muted:
            self.inside(name, [self.restore], DEAF_BUT_TO_NEIGHBOURS if self.is_ipv6 else DEAF)
        for name in self.muted - wanted:
            self.inside(name, [self.restore], HEARING)
        self.muted = wanted
        return {}

    def flush(self, order):
        """Forgets every connection (ctnetlink: IPCTNL_MSG_CT_DELETE without a tuple)."""
        self.enter(order["at"])
        link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        link.send(struct.pack("=IHHII", 20, (1 << 8) | 2, 5, 1, 0) + struct.pack("=BBH", 0, 0, 0))
        answer = link.recv(4096)
        link.close()
        self.leave()
        error = struct.unpack("=i", answer[16:20])[0]
        if error != 0:
            raise OSError(-error, "connections cannot be flushed")
        return {}

    def setting(self, order):
        self.enter(order["at"])
        write_setting(order["name"], order["value"])
        self.leave()
        return {}

    def ip(self, order):
        run(["ip", "-n", self.prefix + order["at"]] + order["words"])
        return {}

    def sleep(self, order):
        time.sleep(order["seconds"])
        return {}

    def close(self):
        self.leave()
        for name in self.names:
            subprocess.run(["ip", "netns", "del", self.prefix + name], stderr=subprocess.DEVNULL)


def setns(handle):
    if libc.setns(handle, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def run(command, text=None):
    done = subprocess.run(command, input=text, text=True, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")


def write_setting(name, value):
    if name.startswith("net/bridge/") and not os.path.exists("/proc/sys/" + name):
        return  # the module that would look into bridged packets is not there
    with open("/proc/sys/" + name, "w") as file:
        file.write(str(value))


def switch_off(interface, command):
    value = ctypes.create_string_buffer(struct.pack("II", command, 0))
    request = struct.pack("16sP", interface.encode(), ctypes.addressof(value))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        try:
            fcntl.ioctl(control, SIOCETHTOOL, request)
        except OSError:
            pass  # a driver that has no such switch does no such thing


def main():
    topology = json.loads(sys.stdin.readline())
    kernel = Kernel(topology)
    try:
        try:
            kernel.build(topology)
            answer = {}
        except (OSError, RuntimeError) as error:
            answer = {"error": str(error)}
        while True:
            print(json.dumps(answer), flush=True)
            line = sys.stdin.readline()
            if line == "":
                return
            order = json.loads(line)
            try:
                answer = getattr(kernel, order["do"])(order)
            except (OSError, RuntimeError) as error:
                answer = {"error": str(error)}
    finally:
        kernel.close()


main()
