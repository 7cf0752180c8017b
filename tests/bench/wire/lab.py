"""A small network out of namespaces: a client, a server, and between them a line that may be slow.

Nothing outside the namespaces is touched, but for the client's /etc/netns folder, and they have no way out.
"""

import os
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER = "10.99.0.2"
HTTP_PORT, TLS13_PORT, TLS12_PORT = 8080, 8443, 8442
PORTS = (HTTP_PORT, TLS13_PORT, TLS12_PORT)

CONFIG = """daemon off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx.log; user root;
events {{ worker_connections 512; }}
http {{
  access_log off; server_tokens off; tcp_nodelay on; keepalive_requests 100000;
  client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
  uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
  ssl_certificate {work}/cert.pem; ssl_certificate_key {work}/key.pem; ssl_session_tickets off; ssl_session_cache off;
  server {{ listen {server}:{tls13} ssl; ssl_protocols TLSv1.3; root {work}/www; }}
  server {{ listen {server}:{tls12} ssl; ssl_protocols TLSv1.2; root {work}/www; }}
}}
"""


def run(*words, check=True):
    subprocess.run(words, check=check, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Lab:
    """Two or three namespaces and the servers in them, for as long as a `with` lasts."""

    def __init__(self, work, delay_ms):
        self.work, self.delay_ms = work, delay_ms
        self.prefix = f"nw{os.getpid() % 100000}"
        self.processes = []

    def name(self, part):
        return self.prefix + part

    def inside(self, part, *words, **options):
        """A command in a namespace, a little before whatever else the machine does."""
        words = ["ip", "netns", "exec", self.name(part), "nice", "-n", "-10", *words]
        return subprocess.Popen(words, **options)

    def words_inside(self, part, *words):
        return ["ip", "netns", "exec", self.name(part), "nice", "-n", "-10", *words]

    def __enter__(self):
        try:
            self.lay_lines()
            self.start_servers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait()
        for part in "cms":
            run("ip", "netns", "del", self.name(part), check=False)
        shutil.rmtree(f"/etc/netns/{self.name('c')}", ignore_errors=True)

    def lay_lines(self):
        parts = "cs" if self.delay_ms is None else "cms"
        for part in parts:
            run("ip", "netns", "add", self.name(part))
            run("ip", "-n", self.name(part), "link", "set", "lo", "up")
        # A configuration of its own for the client's names.
        os.makedirs(f"/etc/netns/{self.name('c')}", exist_ok=True)
        with open(f"/etc/netns/{self.name('c')}/resolv.conf", "w", encoding="ascii") as file:
            file.write(f"nameserver {SERVER}\n")
        if self.delay_ms is None:
            self.pair("c", "c0", "s", "s0")
        else:
            self.pair("c", "c0", "m", "m0")
            self.pair("s", "s0", "m", "m1")
            for line in ("m0", "m1"):
                run("ip", "-n", self.name("m"), "link", "set", line, "up", "arp", "off")
            # Frames are copied as they are: each end finishes its checksums and cuts its own segments.
            for part, line in (("c", "c0"), ("s", "s0")):
                off = [word for what in ("tx", "tso", "gso", "gro") for word in (what, "off")]
                run("ip", "netns", "exec", self.name(part), "ethtool", "-K", line, *off, check=False)
        for part, line, address in (("c", "c0", "10.99.0.1"), ("s", "s0", SERVER)):
            run("ip", "-n", self.name(part), "link", "set", line, "up")
            run("ip", "-n", self.name(part), "addr", "add", f"{address}/24", "dev", line)
        if self.delay_ms is not None:
            words = [sys.executable, f"{HERE}/delay.py", "m0", "m1", str(self.delay_ms), "1"]
            self.processes.append(self.inside("m", *words))
        # Neighbours know each other before anything is measured.
        ping = self.words_inside("c", "ping", "-c", "3", "-i", "0.2", "-W", "3", SERVER)
        if subprocess.run(ping, stdout=subprocess.DEVNULL, check=False).returncode:
            sys.exit("error: the server's namespace cannot be reached")

    def pair(self, one, line, other, far):
        run("ip", "link", "add", line, "netns", self.name(one), "type", "veth",
            "peer", "name", far, "netns", self.name(other))

    def start_servers(self):
        with open(f"{self.work}/nginx.conf", "w", encoding="ascii") as file:
            file.write(CONFIG.format(work=self.work, server=SERVER, tls13=TLS13_PORT, tls12=TLS12_PORT))
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        names = ["dnsmasq", "--no-daemon", "--no-resolv", "--no-hosts", f"--listen-address={SERVER}",
                 "--bind-interfaces", f"--address=/lab.test/{SERVER}", "--conf-file=/dev/null"]
        for words in (["nginx", "-c", f"{self.work}/nginx.conf"], names,
                      [sys.executable, f"{HERE}/origin.py", SERVER, str(HTTP_PORT)]):
            self.processes.append(self.inside("s", *words, **quiet))
        for port in PORTS:
            self.wait_for(port)

    def wait_for(self, port):
        knock = f"import socket; socket.create_connection(('{SERVER}', {port}), 1)"
        for _ in range(100):
            words = ["ip", "netns", "exec", self.name("c"), sys.executable, "-c", knock]
            if not subprocess.run(words, stderr=subprocess.DEVNULL, check=False).returncode:
                return
            time.sleep(0.05)
        sys.exit(f"error: nobody listens on port {port} in the server's namespace")

    def capture(self, path):
        """Everything that passes the client's end from now on, with the kernel's nanoseconds."""
        words = ["tcpdump", "-i", "c0", "-n", "-s", "0", "-B", "65536", "-Z", "root",
                 "--time-stamp-precision=nano", "-w", path, "tcp or udp port 53"]
        return Capture(self.inside("c", *words, stderr=subprocess.PIPE, text=True))


class Capture:
    """A capture under way."""

    def __init__(self, process):
        self.process = process
        # It says so when it listens.
        for line in process.stderr:
            if "listening on" in line:
                break

    def stop(self):
        """Ends it; how many packets the kernel could not keep."""
        # What is still in its ring when it is stopped would be lost.
        time.sleep(2)
        self.process.send_signal(signal.SIGINT)
        told = self.process.stderr.read()
        self.process.wait()
        lost = [line for line in told.splitlines() if "dropped by kernel" in line]
        return int(lost[0].split()[0]) if lost else 0


def make_files(work):
    """A certificate for lab.test and the files that nginx serves."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", f"{work}/key.pem", "-out", f"{work}/cert.pem", "-days", "2", "-subj", "/CN=lab.test",
         "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "subjectAltName=DNS:lab.test,DNS:*.lab.test"],
        check=True, stderr=subprocess.DEVNULL)
    os.makedirs(f"{work}/www")
    for size in (2000, 100000):
        with open(f"{work}/www/{size}", "wb") as file:
            file.write(b"x" * size)
