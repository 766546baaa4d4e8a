"""What an encrypted column costs beside AES-GCM alone and other libraries, on the same words in the same run.

python -m bench.encrypted_columns [--values 4000] prints values a second, written and read, for words of 40, 200,
1,000 and 4,000 letters, a hundred of each person. "AESGCM's calls" are the calls alone, with what they take
ready-made, and what they give kept until the last, as a column's values are; "nothing kept" throws away at once what
it opened. "Words in and out" keeps words as one value and gives them back: a fresh nonce before each ciphertext,
nothing bound to a row. "AESGCM doing the same" also binds row and owner, as a program has to that promises what ours
does. Status 1 where ours writes or reads at less than 60% of AESGCM's calls, or less than twice as fast as Fernet or
sqlalchemy-utils. What it reaches beside the others is printed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from flask_migrate import upgrade

from app import create_app
from app.crypto.keyring import OwnerKind, current_keyring
from app.crypto.sealed_columns import SealedValues, open_many, seal_many
from app.young_people.models import Note
from bench.check_in_speed import settings_in
from bench.peer_columns import Seconds, Way, aesgcm, aesgcm_calls, best, fernet, raw_aesgcm, words_of

PEERS = Path(".venv-peers/bin/python")
SIZES = (40, 200, 1_000, 4_000)
VALUES_EACH = 100
SHARE, TIMES = 0.6, 2.0
OURS, CALLS, THROWN = "ours, a column", "AESGCM’s calls", "AESGCM’s calls, nothing kept"
RAW, SAME = "AESGCM, words in and out", "AESGCM doing the same"
OTHERS = ("Fernet", "sqlalchemy-utils")


@contextmanager
def people_in(folder: Path, count: int) -> Iterator[list[UUID]]:
    """Give the ids of young people whose data keys are made and loaded."""
    with create_app(settings_in(folder)).app_context():
        upgrade()
        ids = [uuid4() for _ in range(count)]
        current_keyring().create_many((OwnerKind.YOUNG_PERSON, one) for one in ids)
        current_keyring().load(OwnerKind.YOUNG_PERSON, ids)
        yield ids


def column(owners: Sequence[UUID], words: list[str]) -> Way:
    """Seal and open one column of many rows, as an import or a comparison does."""
    people = [owners[number // VALUES_EACH] for number in range(len(words))]
    rows = [uuid4() for _ in words]
    as_text, each_apart = [row.hex for row in rows], [UUID(int=one.int) for one in people]

    def write(words: Sequence[str]) -> SealedValues:
        sealed = seal_many(Note, "words", OwnerKind.YOUNG_PERSON, zip(rows, people, words, strict=True))
        return SealedValues(as_text, each_apart, list(sealed))

    def read(stored: SealedValues) -> list[str]:
        return open_many(Note, "words", OwnerKind.YOUNG_PERSON, stored)

    return write, read


def attributes(owners: Sequence[UUID], words: list[str]) -> Way:
    """Set and get one attribute after another, as a page does."""
    notes = [Note(young_person_id=owners[number % len(owners)]) for number in range(len(words))]

    def write(words: Sequence[str]) -> list[Note]:
        for note, one in zip(notes, words, strict=True):
            note.words = one
        return notes

    return write, lambda stored: [note.words for note in stored]


def sqlalchemy_utils(size: int, count: int) -> Seconds | None:
    """Run it in the packaged peers' environment; None where that is not there."""
    if not PEERS.exists():
        return None
    command = [str(PEERS), "-m", "bench.peer_columns", str(size), str(count)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 (our own module)
    written, read = json.loads(printed)
    return float(written), float(read)


def compare(owners: Sequence[UUID], size: int, count: int) -> list[str]:
    """Print one table; return which promises it breaks."""
    words = words_of(size, count)
    found = best(
        {
            CALLS: aesgcm_calls(words),
            THROWN: aesgcm_calls(words, keep=False),
            RAW: raw_aesgcm(),
            SAME: aesgcm(words),
            OURS: column(owners, words),
            "  one attribute at a time": attributes(owners, words),
            "Fernet": fernet(),
        },
        words,
    )
    packaged = sqlalchemy_utils(size, count)
    found |= {"sqlalchemy-utils": packaged} if packaged else {}
    print(f"{size:,} letters, values a second{'written':>20}{'read':>12}")
    for name, took in found.items():
        print(f"{name:34}{count / took[0]:16,.0f}{count / took[1]:12,.0f}")
    if packaged is None:
        print("sqlalchemy-utils is not installed: make .venv-peers/made", flush=True)
    return list(broken(size, found))


def broken(size: int, found: dict[str, Seconds]) -> Iterator[str]:
    """Print ours as shares of the others; yield a sentence for each promise that is broken."""
    for at, what in enumerate(("writing", "reading")):
        shares = {name: took[at] / found[OURS][at] for name, took in found.items()}
        print(f"  {what}: " + ", ".join(f"{shares[one]:.0%} of {one}" for one in (CALLS, THROWN, RAW, SAME)))
        if shares[CALLS] < SHARE:
            yield f"MISSED: {what} {size:,} letters at {shares[CALLS]:.0%} of {CALLS}, at least {SHARE:.0%}"
        for other in OTHERS:
            if other in shares and shares[other] < TIMES:
                yield f"MISSED: {what} {size:,} letters {shares[other]:.1f} times as fast as {other}, at least {TIMES}"


def main() -> None:
    """Print a table for each size of words; status 1 where a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--values", type=int, default=4_000)
    count = parser.parse_args().values
    with tempfile.TemporaryDirectory() as name, people_in(Path(name), -(-count // VALUES_EACH)) as owners:
        missed = [one for size in SIZES for one in compare(owners, size, count)]
    for one in missed:
        print(one)
    raise SystemExit(bool(missed))


if __name__ == "__main__":
    main()
