#!/usr/bin/env python3
"""Names from real name servers, and races of addresses in network namespaces.

Usage: names.py PATH-TO-BINARY

It needs root for the namespaces, which it takes away again with all that it started; where they cannot be made it says so and leaves.
"""

import ctypes
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from proof import check, ok

# The client's side and the server's, and addresses where packets go and nobody answers.
CLIENT, SERVER = f"nwf-c{os.getpid()}", f"nwf-s{os.getpid()}"
HERE, HERE6 = "10.9.0.2", "2001:db8:9::2"
DEAD, DEAD6 = "10.9.0.66", "2001:db8:9::66"
LATE_NEIGHBOUR = "10.9.0.5"
NOBODY = "02:00:00:00:00:99"
# What the odd server knows: the addresses of each family, and how many milliseconds each takes.
KNOWN = {
    "plain": ([HERE], [HERE6], 0, 0),
    "dead6": ([HERE], [DEAD6], 0, 0),
    "refused6": ([HERE], ["2001:db8:9::3"], 0, 0),
    "dead4": ([DEAD, HERE], [], 0, 0),
    "late6": ([HERE], [HERE6], 0, 500),
    "little6": ([HERE], [HERE6], 0, 25),
    "late4": ([HERE], [HERE6], 500, 0),
    "many": ([f"10.9.1.{n}" for n in range(1, 21)] + [HERE], [], 0, 0),
    "lost": ([LATE_NEIGHBOUR], [], 0, 0),
}
# What setns(2) is told: a network namespace.
CLONE_NEWNET = 0x40000000
# A crowded machine may be so late, in milliseconds.
SLACK = 120


def ip(*words, inside=None):
    command = ["ip"] + (["-n", inside] if inside else []) + list(words)
    return subprocess.run(command, capture_output=True, text=True)


def must(done):
    check(done.returncode == 0, f"{' '.join(done.args)}: {done.stderr}")
    return done.stdout


def build():
    """Two namespaces with a wire between them; false if this machine lets nobody make them."""
    if os.geteuid() != 0 or ip("netns", "add", CLIENT).returncode != 0:
        return False
    must(ip("netns", "add", SERVER))
    must(ip("link", "add", "wire", "netns", CLIENT, "type", "veth", "peer", "name", "wire", "netns", SERVER))
    for side, end in ((CLIENT, 1), (SERVER, 2)):
        must(ip("addr", "add", f"10.9.0.{end}/24", "dev", "wire", inside=side))
        must(ip("addr", "add", f"2001:db8:9::{end}/64", "dev", "wire", "nodad", inside=side))
        must(ip("link", "set", "lo", "up", inside=side))
        must(ip("link", "set", "wire", "up", inside=side))
    must(ip("addr", "add", "2001:db8:9::3/64", "dev", "wire", "nodad", inside=SERVER))
    must(ip("addr", "add", f"{LATE_NEIGHBOUR}/24", "dev", "wire", inside=SERVER))
    must(ip("route", "add", "local", "10.9.1.0/24", "dev", "lo", inside=SERVER))
    must(ip("route", "add", "10.9.1.0/24", "via", HERE, inside=CLIENT))
    # Packets to these leave and are never answered, not even by an error.
    for dead in (DEAD, DEAD6):
        must(ip("neigh", "replace", dead, "lladdr", NOBODY, "dev", "wire", "nud", "permanent", inside=CLIENT))
    return True


def take_down():
    for side in (CLIENT, SERVER):
        ip("netns", "del", side)


def enter(side):
    """Moves this thread into a namespace; its sockets belong there from then on."""
    with open(f"/run/netns/{side}") as there:
        system = ctypes.CDLL(None, use_errno=True)
        check(system.setns(there.fileno(), CLONE_NEWNET) == 0, f"setns: {os.strerror(ctypes.get_errno())}")


def in_server(work):
    ready = threading.Event()

    def live():
        enter(SERVER)
        work(ready)

    threading.Thread(target=live, daemon=True).start()
    check(ready.wait(10), "a server did not start")


def pages(ready):
    """Answers every request on either family, a connection each."""
    held = []
    for family, address in ((socket.AF_INET, HERE), (socket.AF_INET, LATE_NEIGHBOUR), (socket.AF_INET6, HERE6)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, 80))
        listener.listen(64)
        held.append(listener)

    def serve(listener):
        while True:
            line, _ = listener.accept()
            threading.Thread(target=answer, args=(line,), daemon=True).start()

    def answer(line):
        with line:
            while b"\r\n\r\n" not in (line.recv(65536) or b"\r\n\r\n"):
                pass
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    for listener in held[1:]:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
    ready.set()
    serve(held[0])


def odd_names(ready):
    """A name server that is late where it is told to be."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((HERE, 5300))
    ready.set()
    while True:
        question, asker = server.recvfrom(1500)
        end = question.index(0, 12) + 5
        label = question[13 : 13 + question[12]].decode()
        kind = struct.unpack(">H", question[end - 4 : end - 2])[0]
        if not label:
            # Who asks for the root wants to know whether anybody is there.
            server.sendto(question[:2] + b"\x80\x05" + question[4:12], asker)
            continue
        four, six, after4, after6 = KNOWN[label]
        family, found, after = (
            (socket.AF_INET, four, after4) if kind == 1 else (socket.AF_INET6, six, after6)
        )
        reply = question[:2] + struct.pack(">HHHHH", 0x8580, 1, len(found), 0, 0) + question[12:end]
        for address in found:
            data = socket.inet_pton(family, address)
            reply += struct.pack(">HHHIH", 0xC00C, kind, 1, 60, len(data)) + data
        threading.Timer(after / 1000, server.sendto, (reply, asker)).start()


def run(program, url, server, *options, at_dial=None):
    """The facts of one fetch from the client's side; `at_dial` is done when the first address is tried."""
    command = ["ip", "netns", "exec", CLIENT, program, "--format", "ndjson", "--dns", server, *options, url]
    facts = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            facts.append(json.loads(line))
            if at_dial and facts[-1]["fact"] == "address_tried":
                at_dial()
                at_dial = None
    check(running.returncode in (0, 1), f"{url}: exit code {running.returncode}")
    return facts


def of(facts, name, **wanted):
    has = lambda fact: all(fact.get(key) == value for key, value in wanted.items())
    return [fact for fact in facts if fact["fact"] == name and has(fact)]


def host(fact):
    return fact["address"].rsplit(":", 1)[0].strip("[]")


def races(program):
    """When each address was tried, against what RFC 8305 says."""
    for label, tries, opened in (
        # The address, and how many milliseconds after the one before it is tried.
        ("plain", [(HERE6, 0)], HERE6),
        ("dead6", [(DEAD6, 0), (HERE, 250)], HERE),
        ("refused6", [("2001:db8:9::3", 0), (HERE, 0)], HERE),
        ("dead4", [(DEAD, 0), (HERE, 250)], HERE),
        ("late6", [(HERE, 0)], HERE),
        ("little6", [(HERE6, 0)], HERE6),
        ("late4", [(HERE6, 0)], HERE6),
        ("many", [(f"10.9.1.{n}", 0) for n in range(1, 21)] + [(HERE, 0)], HERE),
    ):
        facts = run(program, f"http://{label}.test/", f"{HERE}:5300")
        tried = of(facts, "address_tried", connection=1)
        check([host(one) for one in tried] == [one for one, _ in tries], f"{label}: tried {tried}")
        gaps = [0] + [(b["at"] - a["at"]) / 1e6 for a, b in zip(tried, tried[1:])]
        for gap, (_, due) in zip(gaps, tries):
            check(due - 1 <= gap <= due + SLACK, f"{label}: tried after {gap} ms, not {due}")
        peer = of(facts, "socket_opened", connection=1)[0]["peer"]
        check(host({"address": peer}) == opened, f"{label}: open to {peer}")
        losers = {host(one) for one in of(facts, "address_failed", connection=1)}
        check(losers == {one for one, _ in tries} - {opened}, f"{label}: lost {losers}")
        resolved = of(facts, "name_resolved")[0]["at"]
        asked = of(facts, "query_sent")[0]["at"]
        due = {"late6": 50, "little6": 25}.get(label, 0)
        took = (resolved - asked) / 1e6
        check(due - 1 <= took <= due + SLACK, f"{label}: resolved after {took} ms, not {due}")
        ok(f"{label}: open to {opened}, tried at {[round(gap, 1) for gap in gaps]} ms, resolved in {took:.1f} ms")


def lost_syn(program):
    """The first SYN goes nowhere; the kernel sends it again after a second."""
    right = must(ip("-o", "link", "show", "wire", inside=SERVER)).split("link/ether ")[1].split()[0]
    wrong = ("neigh", "replace", LATE_NEIGHBOUR, "dev", "wire", "nud", "permanent", "lladdr")
    must(ip(*wrong, NOBODY, inside=CLIENT))
    mending = threading.Timer(0.5, lambda: ip(*wrong, right, inside=CLIENT))
    facts = run(program, "http://lost.test/", f"{HERE}:5300", at_dial=mending.start)
    mending.join()
    began = of(facts, "address_tried", connection=1)[0]["at"]
    opened = min(one["at"] for one in of(facts, "socket_opened"))
    took = (opened - began) / 1e6
    check(990 <= took <= 1300 + SLACK, f"a lost SYN: open after {took} ms")
    told = [one["tcp"] for one in of(facts, "kernel_told") if "tcp" in one]
    check(told and told[0]["retransmitted"] >= 1, f"a lost SYN: the kernel tells {told}")
    again = told[0]["retransmitted"]
    ok(f"a lost SYN costs {took:.0f} ms, and {again} segment was sent again")


def outcomes(program, work):
    """Each outcome of a look-up, as unbound and dnsmasq have it."""
    large = "".join(f'local-data: "large.test. 60 A 10.9.2.{n}"\n' for n in range(1, 121))
    (work / "unbound.conf").write_text(f"""
server:
  directory: "{work}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  interface: {HERE}@5301
  do-daemonize: no
  do-not-query-localhost: no
  access-control: 10.9.0.0/24 allow
  access-control: 127.0.0.0/8 allow
  local-zone: "test." static
  local-data: "test. 300 SOA ns.test. admin.test. 1 2 3 4 77"
  local-data: "one.test. 60 A {HERE}"
  {large}
  local-zone: "refused.example." refuse
stub-zone:
  name: "broken.example"
  stub-addr: {HERE}@5302
remote-control:
  control-enable: no
""")
    servers = [
        ["unbound", "-c", str(work / "unbound.conf")],
        ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--port=5302",
         f"--listen-address={HERE}", "--bind-interfaces", "--pid-file=", f"--host-record=end.test,{HERE},{HERE6},90",
         "--cname=alias.test,end.test,40", "--user=root"],
    ]
    started = [subprocess.Popen(["ip", "netns", "exec", SERVER, *server], stderr=subprocess.DEVNULL) for server in servers]
    try:
        time.sleep(1.5)
        told(program)
    finally:
        for one in started:
            one.terminate()
            one.wait()


def told(program):
    unbound, dnsmasq = f"{HERE}:5301", f"{HERE}:5302"
    silent = f"{DEAD}:53"
    for url, server, finding, words in (
        ("one.test", unbound, "addresses", ""),
        ("no.test", unbound, "no_such_name", "NXDOMAIN"),
        ("large.test", unbound, "truncated", ""),
        ("a.refused.example", unbound, "refused", "refused to answer (REFUSED)"),
        ("a.broken.example", unbound, "server_failed", "failed (SERVFAIL)"),
        ("alias.test", dnsmasq, "addresses", ""),
        ("other.example", dnsmasq, "refused", "refused to answer (REFUSED)"),
        ("a.test", silent, None, "did not answer in 6 s"),
    ):
        facts = run(program, f"http://{url}/", server, "--timeout-connect", "300ms")
        questions = of(facts, "query_sent", record="A")
        check(questions[0]["server"] == server, f"{url}: asked {questions[0]}")
        replies = [one["reply"] for one in of(facts, "query_ended", query=questions[0]["query"])]
        found = replies[0].get("answered", {}).get("finding")
        check(found == finding, f"{url}: {replies}, not {finding}")
        failure = json.dumps(of(facts, "request_ended")[0])
        check(words in failure, f"{url}: {failure}, not {words}")
        if finding == "truncated":
            check([one["over"] for one in questions] == ["udp", "tcp"], f"{url}: {questions}")
        if url == "alias.test":
            kinds = [(one["kind"], one["ttl"]) for one in replies[0]["answered"]["records"]]
            check(("CNAME", 40) in kinds, f"{url}: {kinds}")
        if url == "no.test":
            check(replies[0]["answered"]["negative_ttl"] == 77, f"{url}: {replies}")
        ok(f"{url} from {server}: {finding or words}")
    absent(program)


def absent(program):
    """A name server that is not there ends the run before it begins."""
    command = ["ip", "netns", "exec", CLIENT, program, "--format", "ndjson", "--dns", f"{HERE}:1", "http://a.test/"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    check(ran.returncode == 3 and not ran.stdout, f"--dns {HERE}:1: {ran}")
    check(f"--dns {HERE}:1: nobody listens there (refused)" in ran.stderr, ran.stderr)
    ok(f"{ran.stderr.strip()}")


def main():
    program = str(Path(sys.argv[1]).resolve())
    if not build():
        take_down()
        print("SKIPPED: network namespaces cannot be made here (root is needed)", flush=True)
        return
    try:
        in_server(pages)
        in_server(odd_names)
        races(program)
        lost_syn(program)
        with tempfile.TemporaryDirectory() as work:
            outcomes(program, Path(work))
    finally:
        take_down()


if __name__ == "__main__":
    main()
