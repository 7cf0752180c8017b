"""What the proofs against real programs say, and the ports and programs that they use."""

import socket
import subprocess
import sys
import time


def check(holds, words):
    """Ends everything with `words` if it does not hold."""
    if not holds:
        sys.exit(f"error: {words}")


def ok(words):
    print(f"ok: {words}", flush=True)


def free_ports(count):
    """Ports that nobody listens on, over TCP and UDP; all are held until the last is found."""
    held = []
    while len(held) < 2 * count:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        held.append(tcp)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            held.pop().close()
            udp.close()
            continue
        held.append(udp)
    found = [one.getsockname()[1] for one in held[::2]]
    for one in held:
        one.close()
    return found


def free_port():
    return free_ports(1)[0]


class Running:
    """A program that listens on a port, for as long as it is of use; PORT in its words is the port."""

    def __init__(self, port, *words):
        self.port, self.words = port, [str(word).replace("PORT", str(port)) for word in words]

    def __enter__(self):
        self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"error: {self.words} ended: {self.process.stderr.read().decode()}")
                time.sleep(0.05)
        sys.exit(f"error: {self.words} does not listen")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
