"""What a capture at the client's end says of each connection: when its packets passed, in nanoseconds.

Only what needs no keys is read of TLS: the record layer (RFC 8446 §5.1) and the name in the ClientHello (RFC 6066 §3).
"""

import struct

HANDSHAKE, CHANGE_CIPHER_SPEC, APPLICATION = 22, 20, 23
# Shorter records behind the handshake of TLS 1.3 are tickets, and no answers.
TICKET = 600


def packets(path):
    """Each IPv4 packet: when, which protocol, and what is in it."""
    with open(path, "rb") as file:
        head = file.read(24)
        order, unit = {
            b"\xd4\xc3\xb2\xa1": ("<", 1000), b"\xa1\xb2\xc3\xd4": (">", 1000),
            b"\x4d\x3c\xb2\xa1": ("<", 1), b"\xa1\xb2\x3c\x4d": (">", 1),
        }[head[:4]]
        while len(record := file.read(16)) == 16:
            seconds, part, length, _ = struct.unpack(order + "IIII", record)
            frame = file.read(length)
            if frame[12:14] != b"\x08\x00":
                continue
            packet = frame[14:]
            header = (packet[0] & 15) * 4
            total = struct.unpack(">H", packet[2:4])[0]
            yield seconds * 10**9 + part * unit, packet[9], packet[header:total or None]


class Way:
    """The bytes that went one way, and when each was first seen."""

    def __init__(self, start):
        self.start = (start + 1) & 0xFFFFFFFF
        self.pieces, self.end, self.again = [], 0, 0

    def add(self, at, sequence, data):
        place = (sequence - self.start) & 0xFFFFFFFF
        if place < self.end:
            self.again += 1
            data, place = data[self.end - place:], self.end
        if data:
            self.pieces.append((place, at, data))
            self.end = place + len(data)

    def stream(self):
        return b"".join(data for _, _, data in self.pieces)

    def seen(self, place):
        """When the byte at `place` was seen."""
        at = None
        for start, when, _ in self.pieces:
            if start > place:
                break
            at = when
        return at

    def records(self):
        """The records of TLS: kind, length, when the first byte and the last was seen."""
        stream, place, found = self.stream(), 0, []
        while place + 5 <= len(stream):
            kind, length = stream[place], struct.unpack(">H", stream[place + 3:place + 5])[0]
            if place + 5 + length > len(stream):
                break
            found.append((kind, length, self.seen(place), self.seen(place + 4 + length)))
            place += 5 + length
        return found


class Connection:
    def __init__(self, syn):
        self.syn, self.syns = syn, 1
        self.syn_ack = self.up = self.down = None

    @property
    def is_whole(self):
        """Whether nothing of it was lost, so that its times are those of one try."""
        return self.syns == 1 and self.syn_ack is not None and not self.up.again and not self.down.again

    @property
    def is_tls(self):
        return self.up.stream()[:2] == b"\x16\x03"

    @property
    def host(self):
        stream = self.up.stream()
        if self.is_tls:
            return server_name(stream)
        for line in stream.split(b"\r\n"):
            if line.lower().startswith(b"host:"):
                return line[5:].strip().decode().split(":")[0]
        return None

    def secured(self):
        """When the handshake of TLS was over for the client."""
        up, down = self.up.records(), self.down.records()
        place = next((i for i, record in enumerate(up) if record[0] == CHANGE_CIPHER_SPEC), 0)
        if len(up) <= place + 1:
            return None
        left = up[place + 1][3]
        # In TLS 1.2 the server's Finished comes last; what it sends in 1.3 after ours is no part of it.
        finished = [record for record in down if record[0] == HANDSHAKE and record[3] > left]
        return finished[-1][3] if finished else left

    def exchanges(self):
        """Each request and its answer: when the last byte left, and the first and the last came."""
        if not self.is_tls:
            ups = [(at, at) for _, at, _ in self.up.pieces]
            downs = [(at, at, True) for _, at, _ in self.down.pieces]
        else:
            over = self.secured()
            ups = [(first, last) for kind, _, first, last in self.up.records()
                   if kind == APPLICATION and first > over]
            # The first of these is the client's Finished in TLS 1.3, which is what `secured` is.
            downs = [(first, last, length >= TICKET) for kind, length, first, last in self.down.records()
                     if kind == APPLICATION]
        events = sorted([(first, 0, last, True) for first, last in ups] +
                        [(first, 1, last, is_answer) for first, last, is_answer in downs])
        found, was_down = [], True
        for _, is_down, last, is_answer in events:
            if not is_down:
                if was_down:
                    found.append({"left": last})
                found[-1]["left"] = last
                was_down = False
            elif found and ("first" in found[-1] or is_answer):
                found[-1].setdefault("first", last)
                found[-1]["last"] = last
                was_down = True
        return [exchange for exchange in found if "first" in exchange]


def server_name(stream):
    """The name in a ClientHello."""
    try:
        place = 9 + 2 + 32
        place += 1 + stream[place]
        place += 2 + struct.unpack(">H", stream[place:place + 2])[0]
        place += 1 + stream[place]
        end = place + 2 + struct.unpack(">H", stream[place:place + 2])[0]
        place += 2
        while place < end:
            kind, length = struct.unpack(">HH", stream[place:place + 4])
            if kind == 0:
                return stream[place + 9:place + 4 + length].decode()
            place += 4 + length
    except (IndexError, struct.error):
        pass
    return None


def read(path, ports):
    """The connections to `ports` by the host that they name, and the look-ups by name."""
    open_now, done, questions, names = {}, [], {}, {}
    for at, protocol, data in packets(path):
        if protocol == 17:
            look_up(at, data, questions, names)
        if protocol != 6:
            continue
        source, target, sequence, _, rest = struct.unpack(">HHIIH", data[:14])
        flags, payload = rest & 0x1FF, data[(rest >> 12) * 4:]
        is_up = target in ports
        key = (source, target) if is_up else (target, source)
        connection = open_now.get(key)
        if is_up and flags & 0x12 == 2:
            if connection and connection.syn_ack is None:
                connection.syns += 1
            else:
                connection = open_now[key] = Connection(at)
                connection.up = Way(sequence)
                done.append(connection)
        elif connection and flags & 0x12 == 0x12:
            connection.syn_ack, connection.down = at, Way(sequence)
        elif connection and payload and connection.down:
            (connection.up if is_up else connection.down).add(at, sequence, payload)
    by_host = {}
    for connection in done:
        if connection.syn_ack and connection.host:
            by_host.setdefault(connection.host, []).append(connection)
    return by_host, names


def look_up(at, data, questions, names):
    source, target = struct.unpack(">HH", data[:4])
    message = data[8:]
    labels, place = [], 12
    while place < len(message) and message[place]:
        labels.append(message[place + 1:place + 1 + message[place]].decode("latin1"))
        place += message[place] + 1
    name, key = ".".join(labels), (message[:2], message[place + 1:place + 3])
    if target == 53:
        questions[source, key] = at
    elif (target, key) in questions:
        first, last = names.get(name, (questions[target, key], at))
        names[name] = (min(first, questions[target, key]), max(last, at))
