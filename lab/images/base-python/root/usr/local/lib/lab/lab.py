"""What the lab's small programs share: a web server, redis over a socket, an engine over a socket, a database."""

import http.client
import http.server
import json
import os
import signal
import socket
import sys
import threading
import time
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

JSON = "application/json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

# What a request may bring at most.
LONGEST_BODY = 1 << 20

HOST = socket.gethostname()


def log(text):
    """One line to the container's log."""
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), text, file=sys.stderr, flush=True)


def fail(text):
    """Ends the program with a reason."""
    log(text)
    sys.exit(1)


def end_at_stop():
    """Docker's stop signal ends the program at once: as first process it would otherwise not hear of it."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))


class Answer:
    """What a request gets."""

    def __init__(self, status, body=b"", kind=TEXT, headers=None):
        self.status = status
        self.body = body if isinstance(body, bytes) else str(body).encode()
        self.headers = {"Content-Type": kind, **(headers or {})}


def as_json(value, status=200):
    """An answer in JSON."""
    return Answer(status, json.dumps(value) + "\n", JSON)


def page(title, body, status=200, headers=None):
    """An answer that a browser shows."""
    text = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>\n{body}\n</body></html>\n"
    return Answer(status, text, HTML, headers)


class Request:
    """A request, read whole."""

    def __init__(self, handler):
        parts = urlsplit(handler.path)
        self.method = handler.command
        self.path = parts.path
        self.headers = handler.headers
        length = min(int(handler.headers.get("Content-Length") or 0), LONGEST_BODY)
        self.body = handler.rfile.read(length)
        self.form = {name: values[0] for name, values in parse_qs(self.body.decode(errors="replace")).items()}
        cookies = SimpleCookie(handler.headers.get("Cookie") or "")
        self.cookies = {name: morsel.value for name, morsel in cookies.items()}


def serve(port, answer, context=None):
    """Answers every request with what `answer` makes of it, for ever. `context`: for TLS."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def do_GET(self):
            try:
                result = answer(Request(self))
            except Exception as error:  # whatever it is: the next request may fare better
                log(f"{self.command} {self.path}: {error}")
                result = as_json({"errorMessage": str(error)}, 500)
            self.send_response(result.status)
            for name, value in result.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(result.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(result.body)

        do_HEAD = do_POST = do_PUT = do_DELETE = do_GET

        def log_message(self, *_):
            pass

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, *_):
            pass  # a client that went away

    end_at_stop()
    server = Server(("", port), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    log(f"listening on {port}")
    server.serve_forever()


class Redis:
    """One connection to redis. After an error it is of no more use."""

    def __init__(self, host, port=6379):
        self.socket = socket.create_connection((host, port), 5)
        self.file = self.socket.makefile("rb")

    def ask(self, *words):
        """Sends a command, answers its result: text, number, list or None."""
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        lines = [b"*%d" % len(parts)]
        for part in parts:
            lines += [b"$%d" % len(part), part]
        self.socket.sendall(b"\r\n".join(lines) + b"\r\n")
        return self._read()

    def _read(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("redis: the connection has ended")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest.decode()
        if kind == b":":
            return int(rest)
        if kind == b"$":
            length = int(rest)
            return None if length < 0 else self.file.read(length + 2)[:-2].decode()
        if kind == b"*":
            length = int(rest)
            return None if length < 0 else [self._read() for _ in range(length)]
        raise ConnectionError(f"redis: {rest.decode(errors='replace')}")

    def close(self):
        self.file.close()
        self.socket.close()


def ask_redis(host, *words):
    """One command over a connection of its own."""
    redis = Redis(host)
    try:
        return redis.ask(*words)
    finally:
        redis.close()


class _Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask_engine(path, where="/var/run/docker.sock"):
    """What the Engine API says under a path, over its socket."""
    connection = _Unix(where)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body.get('message', '')}")
        return body
    finally:
        connection.close()


class Database:
    """A postgres database that is connected to anew when a connection is lost. For several threads."""

    def __init__(self, text):
        self.text = text
        self.lock = threading.Lock()
        self.connection = None

    def ask(self, statement, values=()):
        """Carries out a statement; answers its rows, or none."""
        import psycopg2

        with self.lock:
            try:
                if self.connection is None:
                    self.connection = psycopg2.connect(self.text, connect_timeout=5)
                    self.connection.autocommit = True
                with self.connection.cursor() as cursor:
                    cursor.execute(statement, values)
                    return cursor.fetchall() if cursor.description else []
            except psycopg2.OperationalError:
                if self.connection is not None:
                    self.connection.close()
                self.connection = None
                raise

    def wait(self, seconds):
        """Waits until the database answers; answers the last error when it does not."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.ask("SELECT 1")
                return None
            except Exception as error:  # names that are not known yet, refused connections, a server that starts
                if time.monotonic() > end:
                    return str(error).strip()
                time.sleep(1)
