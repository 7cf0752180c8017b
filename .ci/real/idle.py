#!/usr/bin/env python3
"""An idle screen wakes up for nothing: strace sees no system call of any thread while nothing happens.

Usage: idle.py PROGRAM
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

RUNS = Path(__file__).resolve().parents[2] / "tests/fixtures/runs"
SETTLED = 3.0
WATCHED = 5.0

CASES = {
    "an empty screen": [],
    "a recorded run": ["replay", str(RUNS / "mixed.ndjson")],
    "a run that is over": ["http://127.0.0.1:2/", "http://127.0.0.1:2/two"],
}


def read_on(fd, until):
    """Takes what is drawn, as a terminal does, until a moment."""
    while (left := until - time.time()) > 0:
        ready, _, _ = select.select([fd], [], [], left)
        if ready:
            try:
                os.read(fd, 65536)
            except OSError:
                return


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
        read_on(master, time.time() + SETTLED)
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
    bad = 0
    for name, arguments in CASES.items():
        for keys, view in ((b"", "as it is"), (b"|\r", "with a line and the details")):
            awake, total = calls(program, arguments, keys if arguments else b"")
            print(f"{name}, {view}: {len(awake)} system calls in {WATCHED:.0f} s of {total} in all")
            for line in awake[:10]:
                print("   ", line)
            bad += bool(awake)
            if not arguments:
                break
    sys.exit(f"error: {bad} screens were awake for nothing" if bad else 0)


main()
