#!/usr/bin/env python3
"""An idle screen wakes up for nothing: strace sees no system call of any thread while nothing happens.

Usage: idle.py PROGRAM
"""

import fcntl
import os
import pty
import select
import socketserver
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

RUNS = Path(__file__).resolve().parents[2] / "tests/fixtures/runs"
SETTLED = 2.5
WATCHED = 4.0

# Stands for a list of requests to a server that closes nothing.
KEPT = "KEPT"
NO_KEYS = ("as it is", b"")

# What is shown, and which keys lead to a view of it that must cost nothing.
CASES = {
    "an empty screen": ([], [NO_KEYS]),
    "a recorded run": (
        ["replay", str(RUNS / "mixed.ndjson")],
        [
            NO_KEYS,
            ("with a line and the details", b"|\r"),
            ("a body open", b"4"),
            ("with help over it", b"?"),
            ("with the palette over it", b":"),
            ("with a menu over it", b"y"),
            ("with the jar over it", b"C"),
            ("as it would have been", b"W"),
            ("the filter being typed", b"fstatus-code:"),
            ("the search being typed", b"/a"),
            ("the address bar focused", b"o"),
            ("held, three facts back", b" ,,,"),
        ],
    ),
    "a run that was played to its end": (
        ["replay", "--speed", "1000", str(RUNS / "mixed.ndjson")],
        [NO_KEYS],
    ),
    "a run that is over": (
        ["http://127.0.0.1:2/", "http://127.0.0.1:2/two"],
        [NO_KEYS, ("held", b" ")],
    ),
    "connections kept alive": (["-f", KEPT], [NO_KEYS, ("with the details of one", b"5")]),
}


def read_on(fd, until):
    """Takes what is drawn, as a terminal does, until a moment; how many bytes that were."""
    count = 0
    while (left := until - time.time()) > 0:
        ready, _, _ = select.select([fd], [], [], left)
        if ready:
            try:
                count += len(os.read(fd, 65536))
            except OSError:
                break
    return count


class Keeping(socketserver.StreamRequestHandler):
    """Answers every request, and waits for the next on the same connection."""

    def handle(self):
        for line in self.rfile:
            if line == b"\r\n":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


def kept(folder):
    """A list of requests to such a server, which runs as long as this does."""
    socketserver.ThreadingTCPServer.daemon_threads = True
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Keeping)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = Path(folder) / "urls.txt"
    port = server.server_address[1]
    path.write_text("".join(f"http://127.0.0.1:{port}/{n}\n" for n in range(12)))
    return str(path)


def calls(program, arguments, keys):
    """The system calls while nothing happened, and the whole trace's length."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 43, 132, 0, 0))
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "trace")
        command = ["strace", "-f", "-ttt", "-o", trace, program, *arguments]
        environment = os.environ | {"TERM": "xterm-256color", "XDG_STATE_HOME": folder}
        child = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)
        read_on(master, time.time() + SETTLED)
        os.write(master, keys)
        drawn = read_on(master, time.time() + SETTLED)
        # A view that did not open is idle for another reason.
        assert drawn > 40 or not keys, f"{arguments}, {keys}: {drawn} bytes drawn"
        begin = time.time()
        read_on(master, begin + WATCHED)
        end = time.time()
        os.write(master, b"\x03")
        read_on(master, time.time() + 3)
        child.wait(timeout=20)
        lines = Path(trace).read_text(errors="replace").splitlines()
    os.close(master)
    moment = lambda line: float(line.split()[1])
    # Whoever took the alternate screen has run; one that did not is idle for another reason.
    assert any("1049h" in line for line in lines), f"{arguments}: the program did not run"
    return [line for line in lines if begin + 0.2 < moment(line) < end - 0.2], len(lines)


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        urls = kept(folder)
        views = [
            (f"{name}, {view}", [urls if word == KEPT else word for word in arguments], keys)
            for name, (arguments, views) in CASES.items()
            for view, keys in views
        ]
        # Nobody has much to do, so that many can be watched at a time.
        with ThreadPoolExecutor(max_workers=6) as pool:
            watched = list(pool.map(lambda view: calls(program, view[1], view[2]), views))
    bad = 0
    for (name, *_), (awake, total) in zip(views, watched):
        print(f"{name}: {len(awake)} system calls in {WATCHED:.0f} s of {total} in all")
        for line in awake[:10]:
            print("   ", line)
        bad += bool(awake)
    sys.exit(f"error: {bad} screens were awake for nothing" if bad else 0)


main()
