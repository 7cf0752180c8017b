"""An HTTP/1.1 server whose answers take as long and are as long as is asked for: origin.py ADDRESS PORT.

GET /w/MILLISECONDS/BYTES waits, and then answers with so many bytes at once. What the wait really was is in the capture.
"""

import http.server
import socket
import sys
import time


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0

    def setup(self):
        super().setup()
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self):
        _, _, wait, size = self.path.split("?")[0].split("/")
        time.sleep(float(wait) / 1e3)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {size}\r\n\r\n"
        self.wfile.write(head.encode() + b"x" * int(size))

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


Server((sys.argv[1], int(sys.argv[2])), Answers).serve_forever()
