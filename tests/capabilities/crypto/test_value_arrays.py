from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from app.crypto import envelope, value_arrays
from app.crypto.envelope import UnreadableError
from app.crypto.value_arrays import Run, row_bytes, unseal_column

SECRET = b"secret-planted-word"


def column_of(owner: UUID, plain: list[bytes]) -> tuple[list[Run], bytes, list[bytes]]:
    key = envelope.derive_column_key(bytes(range(32)), 1, owner, "check_ins", "words")
    rows = [uuid4() for _ in plain]
    return [Run(key, len(plain))], row_bytes(rows), envelope.seal_many(key, list(zip(rows, plain, strict=True)))


def test_no_plaintext_is_left_where_values_were_opened() -> None:
    runs, rows, sealed = column_of(uuid4(), [SECRET] * 9)
    assert unseal_column(runs, rows, sealed) == [SECRET] * 9
    moved = rows[16:] + rows[:16]
    with pytest.raises(UnreadableError):
        unseal_column(runs, rows[:128] + moved[:16], sealed)
    kept = value_arrays._kept.kept  # noqa: SLF001 (what is left in memory is the subject)
    assert kept
    assert not any(buffers.padded.tobytes().strip(b"\0") for buffers in kept.values())


def test_threads_that_open_values_of_one_length_at_once_get_each_their_own() -> None:
    columns = {letter: column_of(uuid4(), [letter.encode() * 40] * 500) for letter in "abcd"}
    together = Barrier(len(columns))

    def opened(letter: str) -> set[bytes]:
        together.wait()
        return {value for _ in range(40) for value in unseal_column(*columns[letter])}

    with ThreadPoolExecutor(len(columns)) as threads:
        found = dict(zip(columns, threads.map(opened, columns), strict=True))
    assert found == {letter: {letter.encode() * 40} for letter in columns}


def test_what_is_kept_for_many_lengths_is_bounded_and_the_values_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_arrays, "KEPT_BYTES", 200_000)
    lengths = [64 * blocks for blocks in (1, 2, 5, 9, 17, 40, 3, 1)]
    for length in (*lengths, *reversed(lengths)):
        for many in (3, 70):
            plain = [number.to_bytes(2, "big") * (length // 2) for number in range(many)]
            assert unseal_column(*column_of(uuid4(), plain)) == plain
        kept = value_arrays._kept.kept  # noqa: SLF001 (what is left in memory is the subject)
        assert len(kept) == 1 or sum(buffers.size for buffers in kept.values()) <= 200_000


def test_what_opens_values_while_others_are_being_opened_has_room_of_its_own() -> None:
    """As a signal handler may, or a finaliser, in the middle of the other one."""
    with value_arrays._kept.buffers((114, 30, 18), 9) as outer, value_arrays._kept.buffers((114, 30, 18), 9) as inner:  # noqa: SLF001 (what two callers are lent is the subject)
        assert outer is not inner
    with value_arrays._kept.buffers((114, 30, 18), 9) as again:  # noqa: SLF001 (as above)
        assert again in (outer, inner)
