"""Copies Ethernet frames between two interfaces, later by a delay: delay.py ONE OTHER MILLISECONDS [JITTER].

The delay is for each way, so a round trip takes twice as long. The order is kept. A kernel's netem would do the same, but is
not in every kernel. What the delay really was is in the capture.
"""

import collections
import random
import select
import socket
import sys
import time

ALL, OUTGOING = 3, 4
# So long before a frame is due it is waited for busily.
EARLY = 150e-6


def listen(line):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL))
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 23)
    end.bind((line, 0))
    end.setblocking(False)
    return end


def main():
    one, other = listen(sys.argv[1]), listen(sys.argv[2])
    delay = float(sys.argv[3]) / 1e3
    jitter = float(sys.argv[4]) / 1e3 if len(sys.argv) > 4 else 0.0
    chance = random.Random(1)
    to = {one: other, other: one}
    due = {one: collections.deque(), other: collections.deque()}
    last = {one: 0.0, other: 0.0}
    clock = time.monotonic
    while True:
        soonest = min((frames[0][0] for frames in due.values() if frames), default=None)
        wait = None if soonest is None else max(0.0, soonest - clock() - EARLY)
        for end in select.select([one, other], [], [], wait)[0]:
            for _ in range(64):
                try:
                    frame, sender = end.recvfrom(65535)
                except BlockingIOError:
                    break
                if sender[2] == OUTGOING:
                    continue
                far = to[end]
                last[far] = max(clock() + delay + chance.uniform(-jitter, jitter), last[far])
                due[far].append((last[far], frame))
        for end, frames in due.items():
            while frames and frames[0][0] - clock() <= EARLY:
                while clock() < frames[0][0]:
                    pass
                try:
                    end.send(frames.popleft()[1])
                except OSError:
                    pass


main()
