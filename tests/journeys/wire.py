"""The wire between a phone and the server: a real TCP proxy that a test can cut, or on which it can lose an answer."""

import contextlib
import socket
import threading
from collections.abc import Callable

CHUNK = 65_536


class Wire:
    """Hands bytes on from a port of its own to the server's; the phone only ever knows this port."""

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self.is_cut = False
        self.bytes_to_phone = 0
        self.before_answer: Callable[[bytes], bool] | None = None
        """Sees the first bytes of each answer; says whether the phone gets it."""
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """Lose the network, in the middle of whatever is on its way."""
        self.is_cut = True
        for one in list(self._open):
            _close(one)

    def mend(self) -> None:
        self.is_cut = False

    def close(self) -> None:
        self.cut()
        _close(self._listener)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                phone, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(phone,), daemon=True).start()

    def _serve(self, phone: socket.socket) -> None:
        if self.is_cut:
            _close(phone)
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.server_port))
        except OSError:
            _close(phone)
            return
        self._open |= {phone, server}
        threading.Thread(target=self._hand_on, args=(phone, server, phone), daemon=True).start()
        self._hand_on(server, phone, phone, self.before_answer)

    def _hand_on(
        self,
        source: socket.socket,
        target: socket.socket,
        phone: socket.socket,
        look: Callable[[bytes], bool] | None = None,
    ) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if look is not None and not look(data):
                    break
                target.sendall(data)
                if target is phone:
                    self.bytes_to_phone += len(data)
        for one in (source, target):
            self._open.discard(one)
            _close(one)


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
