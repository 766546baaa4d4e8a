import json
import struct
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidTag

from app.crypto import envelope
from app.crypto.envelope import KeyPlace, UnreadableError, WrongKeyError
from app.crypto.value_arrays import Run, row_bytes, unseal_column

ROW, OTHER_ROW = UUID(int=1), UUID(int=2)
OWNER, OTHER_OWNER = UUID(int=3), UUID(int=4)
DEK = bytes(range(32))
KEY = envelope.derive_column_key(DEK, 1, OWNER, "check_ins", "words")
PUBLISHED = Path(__file__).parents[3] / "docs" / "encryption.md"


def published_vectors() -> dict[str, dict[str, str]]:
    block = PUBLISHED.read_text().split("```json\n")[1].split("```")[0]
    vectors: dict[str, dict[str, str]] = json.loads(block)
    return vectors


def test_a_value_opens_where_it_was_sealed() -> None:
    assert envelope.unseal(KEY, ROW, envelope.seal(KEY, ROW, b"went to the shop")) == b"went to the shop"


def test_a_value_opens_in_no_other_row() -> None:
    with pytest.raises(UnreadableError):
        envelope.unseal(KEY, OTHER_ROW, envelope.seal(KEY, ROW, b"secret"))


@pytest.mark.parametrize(
    "other", [(OTHER_OWNER, "check_ins", "words"), (OWNER, "posts", "words"), (OWNER, "check_ins", "feelings")]
)
def test_a_value_opens_for_no_other_person_table_or_column(other: tuple[UUID, str, str]) -> None:
    """Each place has a key of its own, and were it the same key, the place would still be bound."""
    sealed, elsewhere = envelope.seal(KEY, ROW, b"secret"), envelope.derive_column_key(DEK, 1, *other)
    same_key = replace(elsewhere, cipher=KEY.cipher, head=KEY.head)
    for key in (elsewhere, same_key):
        with pytest.raises(UnreadableError):
            envelope.unseal(key, ROW, sealed)


def test_the_same_data_key_gives_every_column_a_key_of_its_own() -> None:
    other = envelope.derive_column_key(DEK, 1, OWNER, "check_ins", "feelings")
    assert other.head != KEY.head
    sealed = envelope.seal(KEY, ROW, b"secret")
    with pytest.raises(UnreadableError):
        envelope.unseal(replace(other, head=KEY.head), ROW, sealed)


def test_one_flipped_bit_in_any_byte_is_noticed() -> None:
    sealed = envelope.seal(KEY, ROW, b"secret")
    for position in range(len(sealed)):
        for bit in range(8):
            broken = bytearray(sealed)
            broken[position] ^= 1 << bit
            with pytest.raises(UnreadableError):
                envelope.unseal(KEY, ROW, bytes(broken))


def test_a_value_cut_short_anywhere_is_noticed() -> None:
    sealed = envelope.seal(KEY, ROW, b"secret")
    for length in range(len(sealed)):
        with pytest.raises(UnreadableError):
            envelope.unseal(KEY, ROW, sealed[:length])


def test_a_new_version_of_the_key_does_not_open_the_old_value() -> None:
    newer = envelope.derive_column_key(DEK, 2, OWNER, "check_ins", "words")
    with pytest.raises(UnreadableError):
        envelope.unseal(newer, ROW, envelope.seal(KEY, ROW, b"secret"))


@pytest.mark.parametrize(("shorter", "longer"), [(b"happy", b"suicidal"), (b"", b"x" * 60)])
def test_length_does_not_tell_one_word_from_another(shorter: bytes, longer: bytes) -> None:
    assert len(envelope.seal(KEY, ROW, shorter)) == len(envelope.seal(KEY, ROW, longer))


def test_padding_that_is_not_zeros_is_refused() -> None:
    for bad in (b"", b"\0" * 63, b"\0\0\0\1a" + b"x" * 59, b"\0\0\0\xff" + b"\0" * 60, b"\0" * 128):
        with pytest.raises(UnreadableError):
            envelope.unpad(bad)


def test_a_data_key_opens_only_for_its_owner_version_and_key() -> None:
    kek, owner = b"k" * 32, uuid4()
    wrapped = envelope.wrap(kek, "abc", DEK, KeyPlace("young_person", owner, 1))
    assert envelope.wrapping_key_id(wrapped) == "abc"
    assert envelope.unwrap(kek, wrapped, KeyPlace("young_person", owner, 1)) == DEK
    for other in (
        (b"j" * 32, "young_person", owner, 1),
        (kek, "account", owner, 1),
        (kek, "young_person", uuid4(), 1),
        (kek, "young_person", owner, 2),
    ):
        with pytest.raises(WrongKeyError):
            envelope.unwrap(other[0], wrapped, KeyPlace(*other[1:]))


def test_the_published_vector_of_a_sealed_value_is_what_the_code_makes() -> None:
    vector = published_vectors()["sealed_value"]
    where = (UUID(vector["owner"]), vector["table"], vector["column"])
    key = envelope.derive_column_key(bytes.fromhex(vector["dek"]), int(vector["version"]), *where)
    row, plaintext, nonce = UUID(vector["row"]), vector["plaintext"].encode(), bytes.fromhex(vector["nonce"])
    assert key.head[6:].hex() == vector["commitment"]
    assert envelope.seal(key, row, plaintext, nonce).hex() == vector["sealed"]
    assert envelope.unseal(key, row, bytes.fromhex(vector["sealed"])) == plaintext


def test_the_published_vector_of_a_wrapped_key_opens() -> None:
    vector = published_vectors()["wrapped_key"]
    opened = envelope.unwrap(
        bytes.fromhex(vector["kek"]),
        bytes.fromhex(vector["wrapped"]),
        KeyPlace(vector["owner_kind"], UUID(vector["owner"]), int(vector["version"])),
    )
    assert opened.hex() == vector["dek"]


def test_the_published_vector_of_a_blind_index_is_what_the_code_makes() -> None:
    vector = published_vectors()["blind_index"]
    made = envelope.blind_index(
        bytes.fromhex(vector["index_key"]), UUID(vector["council"]), vector["table"], vector["column"], vector["value"]
    )
    assert made.hex() == vector["index"]


def test_many_values_are_sealed_and_opened_as_one_is() -> None:
    rows, plain = [uuid4() for _ in range(200)], [b"x" * length for length in range(200)]
    sealed = envelope.seal_many(KEY, list(zip(rows, plain, strict=True)))
    assert [envelope.unseal(KEY, row, one) for row, one in zip(rows, sealed, strict=True)] == plain
    assert len({one[22:34] for one in sealed}) == 200
    for length in range(1, 200):
        row, one = rows[length], sealed[length]
        opened = unseal_column([Run(KEY, 2)], row_bytes([row, row]), [one, one])
        assert opened == [plain[length]] * 2
        assert unseal_column([Run(KEY, 1)], row_bytes([row.hex]), [one]) == [plain[length]]


def test_a_column_with_one_value_that_does_not_open_is_refused() -> None:
    sealed = envelope.seal(KEY, ROW, b"secret")
    good, rows = [sealed] * 3, row_bytes([ROW] * 4)
    broken = [sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :] for position in range(114)]
    short = [sealed[:length] for length in range(len(sealed))]
    assert len(sealed) == 114
    for one in (*broken, *short, sealed + b"\0" * 64):
        with pytest.raises(UnreadableError):
            unseal_column([Run(KEY, 4)], rows, [*good, one])
        with pytest.raises(UnreadableError):
            unseal_column([Run(KEY, 1)], rows[:16], [one])
    with pytest.raises(UnreadableError):
        unseal_column([Run(KEY, 4)], row_bytes([ROW, ROW, ROW, OTHER_ROW]), [sealed] * 4)
    assert unseal_column([Run(KEY, 4)], rows, [sealed] * 4) == [b"secret"] * 4


def test_zeros_at_the_end_of_a_value_are_its_own() -> None:
    plain = [b"\0" * 9, b"abc\0", b"", b"abc", b"\0abc\0\0"]
    rows = [uuid4() for _ in plain]
    sealed = [envelope.seal(KEY, row, one) for row, one in zip(rows, plain, strict=True)]
    assert unseal_column([Run(KEY, len(plain))], row_bytes(rows), sealed) == plain


def test_a_length_or_padding_that_cannot_be_right_is_refused() -> None:
    whole_block_too_many = [struct.pack(">I", length) + bytes(124) for length in (0, 60)]
    for padded in (struct.pack(">I", 2) + b"abc" + bytes(57), struct.pack(">I", 61) + b"a" * 60, *whole_block_too_many):
        sealed = (
            KEY.head + bytes(12) + KEY.cipher.encrypt(bytes(12), padded, KEY.before_row + ROW.bytes + KEY.after_row)
        )
        with pytest.raises(UnreadableError):
            envelope.unseal(KEY, ROW, sealed)
        with pytest.raises(UnreadableError):
            unseal_column([Run(KEY, 1)], ROW.bytes, [sealed])


def test_a_row_s_id_of_another_length_is_no_part_of_the_next_one_s() -> None:
    rows = [uuid4(), uuid4()]
    assert row_bytes([str(row) for row in rows]) == row_bytes([row.hex for row in rows]) == row_bytes(rows)
    together = "".join(row.hex for row in rows)
    for ids in ([together[:34], together[34:]], [together], [rows[0].hex, f"{rows[1].hex[:30]}  "], [rows[0].hex, ""]):
        with pytest.raises(UnreadableError):
            row_bytes(ids)


def test_every_value_has_a_row_or_none_is_opened() -> None:
    sealed = envelope.seal(KEY, ROW, b"secret")
    for rows in (1, 3):
        with pytest.raises(UnreadableError):
            unseal_column([Run(KEY, 2)], row_bytes([ROW] * rows), [sealed] * 2)


GCM_KEY = "feffe9928665731c6d6a8f9467308308" * 2
GCM_NONCE = "cafebabefacedbaddecaf888"
GCM_PLAIN = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
GCM_CIPHERTEXT = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
)
GCM_BOUND = "feedfacedeadbeeffeedfacedeadbeefabaddad2"


@pytest.mark.parametrize(
    ("key", "nonce", "plain", "bound", "expected"),
    [
        ("00" * 32, "00" * 12, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
        ("00" * 32, "00" * 12, "00" * 16, "", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"),
        (GCM_KEY, GCM_NONCE, GCM_PLAIN, "", GCM_CIPHERTEXT + "b094dac5d93471bdec1a502270e3cc6c"),
        (GCM_KEY, GCM_NONCE, GCM_PLAIN[:120], GCM_BOUND, GCM_CIPHERTEXT[:120] + "76fc6ece0f4e1768cddf8853bb2d551b"),
    ],
)
def test_the_cipher_makes_what_the_specification_of_gcm_publishes(
    key: str, nonce: str, plain: str, bound: str, expected: str
) -> None:
    """Test cases 13 to 16 of McGrew and Viega, "The Galois/Counter Mode of Operation" (AES-256, 96-bit nonce)."""
    cipher, given = type(KEY.cipher)(bytes.fromhex(key)), [bytes.fromhex(one) for one in (nonce, plain, bound)]
    made = cipher.encrypt(*given)
    assert made.hex() == expected
    assert cipher.decrypt(given[0], made, given[2]) == given[1]
    for position in range(len(made)):
        broken = bytearray(made)
        broken[position] ^= 1
        with pytest.raises(InvalidTag):
            cipher.decrypt(given[0], bytes(broken), given[2])
