"""Servers that speak clamd's INSTREAM: one of ours at a loopback socket, and clamd itself where this machine has it."""

import io
import shutil
import socketserver
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.settings import ScannerSettings
from tests.servers import spare_port

EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()
"""What every scanner finds and nobody is harmed by; in two halves, so that none finds it here."""
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
STARTS_WITHIN = 60


@dataclass
class Scanner:
    """What our own server was sent, and what it says instead where a test wants that."""

    settings: ScannerSettings
    files: list[bytes] = field(default_factory=list)
    says: bytes | None = None

    def answer(self, data: bytes) -> bytes:
        self.files.append(data)
        if self.says is not None:
            return self.says
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"


def read_exactly(stream: io.BufferedIOBase, count: int) -> bytes:
    found = stream.read(count)
    assert len(found) == count
    return found


def read_file(stream: io.BufferedIOBase) -> bytes:
    """Read one file as clamd does: the command, pieces after their lengths, and a piece of no length."""
    assert read_exactly(stream, 10) == b"zINSTREAM\0"
    data = b""
    while (length := struct.unpack(">I", read_exactly(stream, 4))[0]) > 0:
        data += read_exactly(stream, length)
    return data


@contextmanager
def scanning(folder: Path, *, at_a_port: bool = False) -> Iterator[Scanner]:
    """Serve at a socket in a folder, or at a port of this machine."""
    path, port = folder / "clamd.ctl", spare_port()
    scanner = Scanner(ScannerSettings(host="127.0.0.1", port=port) if at_a_port else ScannerSettings(path=path))

    class Answers(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(scanner.answer(read_file(self.rfile)))

    server: socketserver.BaseServer = (
        socketserver.ThreadingTCPServer(("127.0.0.1", port), Answers)
        if at_a_port
        else socketserver.ThreadingUnixStreamServer(str(path), Answers)
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield scanner
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def clamd_itself(folder: Path) -> Iterator[ScannerSettings]:
    """Start clamd with one signature, made by hand, of the file that every scanner finds."""
    assert CLAMD is not None
    signatures, path, settings = folder / "signatures", folder / "real.ctl", folder / "clamd.conf"
    signatures.mkdir()
    (signatures / "eicar.ndb").write_text(f"Eicar-By-Hand:0:*:{EICAR.hex()}\n")
    settings.write_text(f"Foreground yes\nLocalSocket {path}\nDatabaseDirectory {signatures}\n")
    server = subprocess.Popen([CLAMD, "--config-file", str(settings)], stdout=subprocess.DEVNULL)  # noqa: S603 (our own machine's)
    until = time.monotonic() + STARTS_WITHIN
    try:
        while not path.exists():
            assert server.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        yield ScannerSettings(path=path)
    finally:
        server.terminate()
        server.wait()
