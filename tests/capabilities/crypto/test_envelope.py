import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.crypto import envelope
from app.crypto.envelope import Place, UnreadableError, WrongKeyError

ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
OWNER, OTHER_OWNER = UUID(int=3), UUID(int=4)
DEK = bytes(range(32))
PLACE = Place("check_ins", "words", ROW, OWNER)
KEY = envelope.derive_column_key(DEK, 1, "check_ins", "words")
PUBLISHED = Path(__file__).parents[3] / "docs" / "encryption.md"


def published_vectors() -> dict[str, dict[str, str]]:
    block = PUBLISHED.read_text().split("```json\n")[1].split("```")[0]
    vectors: dict[str, dict[str, str]] = json.loads(block)
    return vectors


def test_a_value_opens_where_it_was_sealed() -> None:
    assert envelope.unseal(KEY, PLACE, envelope.seal(KEY, PLACE, b"went to the shop")) == b"went to the shop"


@pytest.mark.parametrize(
    "place",
    [
        Place("check_ins", "words", OTHER_ROW, OWNER),
        Place("check_ins", "words", ROW, OTHER_OWNER),
        Place("posts", "words", ROW, OWNER),
        Place("check_ins", "feelings", ROW, OWNER),
    ],
)
def test_a_value_opens_in_no_other_row_person_table_or_column(place: Place) -> None:
    with pytest.raises(UnreadableError):
        envelope.unseal(KEY, place, envelope.seal(KEY, PLACE, b"secret"))


def test_the_same_data_key_gives_every_column_a_key_of_its_own() -> None:
    other = envelope.derive_column_key(DEK, 1, "check_ins", "feelings")
    assert other.commitment != KEY.commitment
    with pytest.raises(UnreadableError):
        envelope.unseal(other, PLACE, envelope.seal(KEY, PLACE, b"secret"))


def test_one_flipped_bit_in_any_byte_is_noticed() -> None:
    sealed = envelope.seal(KEY, PLACE, b"secret")
    for position in range(len(sealed)):
        for bit in range(8):
            broken = bytearray(sealed)
            broken[position] ^= 1 << bit
            with pytest.raises(UnreadableError):
                envelope.unseal(KEY, PLACE, bytes(broken))


def test_a_value_cut_short_anywhere_is_noticed() -> None:
    sealed = envelope.seal(KEY, PLACE, b"secret")
    for length in range(len(sealed)):
        with pytest.raises(UnreadableError):
            envelope.unseal(KEY, PLACE, sealed[:length])


def test_a_new_version_of_the_key_does_not_open_the_old_value() -> None:
    newer = envelope.derive_column_key(DEK, 2, "check_ins", "words")
    with pytest.raises(UnreadableError):
        envelope.unseal(newer, PLACE, envelope.seal(KEY, PLACE, b"secret"))


@pytest.mark.parametrize(("shorter", "longer"), [(b"happy", b"suicidal"), (b"", b"x" * 60)])
def test_length_does_not_tell_one_word_from_another(shorter: bytes, longer: bytes) -> None:
    assert len(envelope.seal(KEY, PLACE, shorter)) == len(envelope.seal(KEY, PLACE, longer))


def test_padding_that_is_not_zeros_is_refused() -> None:
    for bad in (b"", b"\0" * 63, b"\0\0\0\1a" + b"x" * 59, b"\0\0\0\xff" + b"\0" * 60, b"\0" * 128):
        with pytest.raises(UnreadableError):
            envelope.unpad(bad)


def test_a_data_key_opens_only_for_its_owner_version_and_key() -> None:
    kek, owner = b"k" * 32, uuid4()
    wrapped = envelope.wrap(kek, "abc", DEK, owner_kind="young_person", owner=owner, version=1)
    assert envelope.wrapping_key_id(wrapped) == "abc"
    assert envelope.unwrap(kek, wrapped, "young_person", owner, 1) == DEK
    for other in (
        (b"j" * 32, "young_person", owner, 1),
        (kek, "account", owner, 1),
        (kek, "young_person", uuid4(), 1),
        (kek, "young_person", owner, 2),
    ):
        with pytest.raises(WrongKeyError):
            envelope.unwrap(other[0], wrapped, *other[1:])


def test_the_published_vector_of_a_sealed_value_is_what_the_code_makes() -> None:
    vector = published_vectors()["sealed_value"]
    place = Place(vector["table"], vector["column"], UUID(vector["row"]), UUID(vector["owner"]))
    key = envelope.derive_column_key(bytes.fromhex(vector["dek"]), int(vector["version"]), place.table, place.column)
    plaintext, nonce = vector["plaintext"].encode(), bytes.fromhex(vector["nonce"])
    assert key.commitment.hex() == vector["commitment"]
    assert envelope.seal(key, place, plaintext, nonce).hex() == vector["sealed"]
    assert envelope.unseal(key, place, bytes.fromhex(vector["sealed"])) == plaintext


def test_the_published_vector_of_a_wrapped_key_opens() -> None:
    vector = published_vectors()["wrapped_key"]
    opened = envelope.unwrap(
        bytes.fromhex(vector["kek"]),
        bytes.fromhex(vector["wrapped"]),
        vector["owner_kind"],
        UUID(vector["owner"]),
        int(vector["version"]),
    )
    assert opened.hex() == vector["dek"]


def test_the_published_vector_of_a_blind_index_is_what_the_code_makes() -> None:
    vector = published_vectors()["blind_index"]
    made = envelope.blind_index(
        bytes.fromhex(vector["index_key"]), UUID(vector["council"]), vector["table"], vector["column"], vector["value"]
    )
    assert made.hex() == vector["index"]
