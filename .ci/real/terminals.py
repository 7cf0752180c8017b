"""The screen in real terminals: xterm under Xvfb, alone and with tmux or GNU screen between, and a slow line.

Usage: terminals.py PROGRAM
"""

import fcntl
import http.server
import os
import pty
import re
import select
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import zlib
from pathlib import Path

from proof import check, ok

PATIENCE = 30.0
COLUMNS, ROWS = 120, 40
# Nothing that the program draws looks like these.
INK = [(255, 0, 255), (255, 128, 0)]
# Bytes a second of a line of 9600 bits a second.
SLOW = 960


def picture(width, height):
    """A PNG, its left half of the one ink, its right half of the other."""
    row = b"\0" + b"".join(bytes(INK[x >= width // 2]) for x in range(width))
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")


class Pages(http.server.BaseHTTPRequestHandler):
    """A picture, and a page that comes slowly."""

    def do_GET(self):
        body, kind = (picture(320, 160), "image/png") if "pic" in self.path else (b"text " * 100, "text/plain")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def until(holds, words):
    """Waits until something holds; ends everything with `words` if it never does."""
    end = time.time() + PATIENCE
    while not (value := holds()):
        check(time.time() < end, words)
        time.sleep(0.1)
    return value


class Display:
    """An X server without a screen, whose pixels are a file."""

    def __init__(self, folder):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1100x800x24", "-fbdir", folder, "-nolisten", "tcp", "-noreset"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as told:
            self.name = ":" + told.readline().strip()
        self.pixels = Path(folder) / "Xvfb_screen0"
        self.environment = os.environ | {"DISPLAY": self.name, "LANG": "C.UTF-8"}
        for name in ("TMUX", "STY", "COLORTERM", "NO_COLOR", "XDG_CONFIG_HOME"):
            self.environment.pop(name, None)
        self.environment |= {"XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder, "HOME": folder}

    def run(self, *words):
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=20)
        return done.stdout.strip()

    def inked(self, ink):
        """How many pixels have nearly this colour (the file is an XWD)."""
        data = self.pixels.read_bytes()
        header = struct.unpack(">25I", data[:100])
        pixels = data[header[0] + header[19] * 12:]
        near = lambda a, b: abs(a - b) <= 40
        red, green, blue = ink
        count = 0
        # Every fourth pixel of every second row is enough.
        stride, width, height = header[12], header[4], header[5]
        for y in range(0, height, 2):
            row = pixels[y * stride: y * stride + width * 4]
            count += sum(
                near(r, red) and near(g, green) and near(b, blue)
                for b, g, r in zip(row[0::16], row[1::16], row[2::16])
            )
        return count

    def end(self):
        self.process.terminate()
        self.process.wait()


class Xterm:
    """An xterm in which, with `between` in between, a shell runs the program, and then `cat`."""

    def __init__(self, display, folder, name, program, urls, between=()):
        self.display, self.folder, self.name = display, Path(folder), name
        inner = (
            f"stty -g >{name}.before; {shlex.join([program, *urls])}; stty -g >{name}.after; "
            f"cat >{name}.typed"
        )
        self.process = subprocess.Popen(
            ["xterm", "-ti", "vt340", "-xrm", "*disallowedWindowOps:", "-geometry", f"{COLUMNS}x{ROWS}+0+0",
             "-bg", "black", "-fg", "white", "-class", name, "-e", *between, "sh", "-c", inner],
            env=display.environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        window = lambda: display.run("xdotool", "search", "--onlyvisible", "--class", name)
        self.window = until(window, f"{name}: no window").splitlines()[-1]
        display.run("xdotool", "windowfocus", self.window)

    def key(self, *keys):
        for key in keys:
            self.display.run("xdotool", "key", "--window", "0", key)
            time.sleep(0.1)

    def click(self, column, row):
        """Clicks a cell, counted from 0."""
        geometry = self.display.run("xdotool", "getwindowgeometry", "--shell", self.window)
        wide, high = (int(re.search(rf"{name}=(\d+)", geometry)[1]) for name in ("WIDTH", "HEIGHT"))
        x, y = (column + 0.5) * wide / COLUMNS, (row + 0.5) * high / ROWS
        self.display.run("xdotool", "mousemove", "--window", self.window, str(int(x)), str(int(y)), "click", "1")

    def yank(self, expected, selection="clipboard"):
        """Copies the URL of the selected row; it has to arrive."""
        self.key("y")
        time.sleep(0.3)
        self.key("u")
        copied = lambda: self.display.run("xclip", "-o", "-selection", selection) == expected
        until(copied, f"{self.name}: {expected} is not in the clipboard")

    def is_over(self, key="q"):
        """Quits; the line has to be as before, the mouse the terminal's, and nothing is typed by itself."""
        self.key("Escape", "Escape", key)
        after = self.folder / f"{self.name}.after"
        until(lambda: after.exists() and after.read_text(), f"{self.name}: it does not quit")
        before = (self.folder / f"{self.name}.before").read_text()
        check(after.read_text() == before, f"{self.name}: the line is not as it was")
        self.click(10, 10)
        self.key("x", "Return")
        typed = self.folder / f"{self.name}.typed"
        until(lambda: typed.exists() and typed.read_text(), f"{self.name}: nothing can be typed")
        check(typed.read_text() == "x\n", f"{self.name}: something types by itself: {typed.read_text()!r}")

    def end(self):
        self.process.terminate()
        self.process.wait()


def shown(display):
    """Whether each ink covers much of the screen."""
    return all(display.inked(ink) > 1_000 for ink in INK)


def gone(display):
    """Whether no ink covers more than a few signs in a colour like it would."""
    return all(display.inked(ink) < 100 for ink in INK)


def alone(display, folder, program, urls):
    """xterm: keys, mouse, clipboard, Sixel, sizes; nothing is left behind."""
    xterm = Xterm(display, folder, "alone", program, urls)
    time.sleep(2)
    xterm.yank(urls[0])
    ok("xterm: what is copied (OSC 52) is in the clipboard")
    xterm.click(20, 4)
    xterm.yank(urls[1])
    ok("xterm: a click selects a row")
    xterm.key("Return", "4")
    until(lambda: shown(display), "xterm: no picture is seen")
    count = display.inked(INK[0])
    ok("xterm: a picture is seen (Sixel)")
    xterm.key("question")
    until(lambda: 0 < display.inked(INK[0]) < count, "xterm: help is not over the picture")
    xterm.key("Escape")
    until(lambda: display.inked(INK[0]) == count, "xterm: the picture is not there again")
    xterm.key("1")
    until(lambda: gone(display), "xterm: another tab leaves something of the picture")
    ok("xterm: the picture goes below help, comes again, and goes away with its tab")
    xterm.key("4")
    until(lambda: shown(display), "xterm: the picture does not come back")
    display.run("xdotool", "windowsize", xterm.window, "700", "500")
    time.sleep(1)
    display.run("xdotool", "windowsize", xterm.window, "740", "540")
    xterm.key("1")
    until(lambda: gone(display), "xterm: a size leaves something of the picture")
    xterm.key("4")
    until(lambda: shown(display), "xterm: another size has no picture")
    xterm.is_over()
    check(gone(display), "xterm: quitting leaves something of the picture")
    ok("xterm: quitting leaves nothing behind")
    xterm.end()


def within_tmux(display, folder, program, urls):
    tmux = ["tmux", "-L", f"nw{os.getpid()}"]
    conf = Path(folder) / "tmux.conf"
    conf.write_text("set -g set-clipboard on\nset -g default-terminal tmux-256color\nset -s escape-time 10\n")
    say = lambda *words: display.run(*tmux, *words)
    xterm = Xterm(display, folder, "tmux", program, urls, [*tmux, "-f", str(conf), "new-session", "-x", "120"])
    until(lambda: urls[1].rsplit("/", 1)[1] in say("capture-pane", "-p"), "tmux: nothing is drawn")
    title = say("display", "-p", "#{pane_title}")
    check("Gi=" not in title, f"tmux: the title became {title!r}")
    # tmux hands it on without saying into which of the two.
    xterm.yank(urls[0], "primary")
    check(say("show-buffer") == urls[0], "tmux: what is copied is not in its buffer")
    ok("tmux: what is copied is in its buffer and in the clipboard")
    xterm.click(20, 4)
    xterm.key("Return", "4")
    until(lambda: shown(display), "tmux: no picture is seen")
    ok("tmux: a picture is seen, in blocks")
    xterm.is_over("Q")
    check(urls[1].rsplit("/", 1)[1] in say("capture-pane", "-p"), "tmux: Q leaves no picture of the screen")
    ok("tmux: quitting leaves nothing behind but what it is to leave")
    say("kill-server")
    xterm.end()


def within_screen(display, folder, program, urls):
    Path(folder, "screenrc").write_text("startup_message off\n")
    Path(folder, "screens").mkdir(mode=0o700)
    display.environment["SCREENDIR"] = str(Path(folder, "screens"))
    name = f"nw{os.getpid()}"
    between = ["screen", "-c", "screenrc", "-S", name, "-T", "screen-256color"]
    xterm = Xterm(display, folder, "screen", program, urls, between)
    time.sleep(3)
    xterm.yank(urls[0])
    ok("GNU screen: what is copied is in the clipboard")
    xterm.is_over()
    ok("GNU screen: quitting leaves nothing behind")
    display.run("screen", "-S", name, "-X", "quit")
    xterm.end()


def slow_line(program, folder):
    """A line of 9600 bits a second: a key is answered soon, whatever went on before."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder}
    for name in ("TMUX", "STY", "COLORTERM", "NO_COLOR"):
        environment.pop(name, None)
    child = subprocess.Popen([program, "demo"], stdin=slave, stdout=slave, stderr=slave, env=environment,
                             start_new_session=True)
    os.close(slave)
    seen = b""

    def carry(seconds, word=None):
        """Carries bytes at the pace of the line, and answers what is asked; how long until `word` came."""
        nonlocal seen
        begin, heard = time.time(), len(seen)
        free = begin
        while (now := time.time()) - begin < seconds:
            if now < free or not select.select([master], [], [], 0)[0]:
                time.sleep(0.005)
                continue
            # An idle line saves nothing up, but one that is behind by some milliseconds catches up.
            free = max(free, now - 0.05)
            try:
                bytes_ = os.read(master, 48)
            except OSError:
                return None
            free += len(bytes_) / SLOW
            asked = (seen[-2:] + bytes_).count(b"\x1b[c")
            seen += bytes_
            os.write(master, b"\x1b[?62;22c" * asked)
            if word and word in seen[heard:]:
                return now - begin
        return None

    carry(8)
    longest = 0.0
    for _ in range(2):
        for key in (b"j", b"k") * 8:
            os.write(master, key)
            carry(0.1)
        os.write(master, b"?")
        took = carry(PATIENCE, b"type to search"[1:])
        check(took is not None, "a slow line: help does not come")
        longest = max(longest, took)
        os.write(master, b"\x1b")
        carry(8)
    os.write(master, b"\x03")
    carry(3)
    child.kill()
    child.wait()
    os.close(master)
    check(longest < 4, f"a slow line: a key was answered after {longest:.1f} s: frames are queued")
    ok(f"a line of 9600 bit/s: a key after many others was answered within {longest:.1f} s")


def main():
    program = str(Path(sys.argv[1]).resolve())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = f"http://127.0.0.1:{server.server_address[1]}"
    urls = [f"{at}/page", f"{at}/pic.png"]
    with tempfile.TemporaryDirectory() as folder:
        slow_line(program, folder)
        display = Display(folder)
        try:
            alone(display, folder, program, urls)
            within_tmux(display, folder, program, urls)
            within_screen(display, folder, program, urls)
        finally:
            display.end()


main()
