"""Which places key-encryption keys are kept in, by the settings."""

from pathlib import Path

from app.crypto.aws_keys import AwsHolder
from app.crypto.key_providers import (
    ChangedElsewhereError,
    KeyHolder,
    KeyProvider,
    KeyUnavailableError,
    LocalKeys,
    SeveralProviders,
    decode_keys,
    id_of,
    make_key_file,
    new_key,
    read_key_file,
    replace_key_file,
)
from app.crypto.vault_keys import VaultHolder
from app.settings import KeysIn, Settings

WHAT = "The key-encryption key"


class FileHolder:
    """A file of mode 0400, one key on each line; the first is current."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> KeyProvider:
        return LocalKeys(read_key_file(self._path, WHAT))

    def make(self) -> str:
        try:
            make_key_file(self._path)
        except FileExistsError:
            return f"The key-encryption key is at {self._path} already: left as it is."
        return f"Made the key-encryption key at {self._path}. Back it up apart from the databases."

    def make_next(self) -> str:
        keys, added = read_key_file(self._path, WHAT), new_key()
        replace_key_file(self._path, (added, *keys))
        return f"Key {id_of(added)} is now first in {self._path}. Back the file up."

    def retire(self, current: str) -> None:
        keys = read_key_file(self._path, WHAT)
        replace_key_file(self._path, [key for key in keys if id_of(key) == current])


class EnvironmentHolder:
    """Keys in TIDEMARK_KEY, with commas between them; the first is current."""

    def __init__(self, value: str | None) -> None:
        self._value = value

    def open(self) -> KeyProvider:
        if self._value is None:
            raise KeyUnavailableError("There is no key-encryption key: set TIDEMARK_KEY.")
        return LocalKeys(decode_keys(self._value.replace(",", "\n"), WHAT))

    def make(self) -> str:
        self.open()
        return "The key-encryption key comes from TIDEMARK_KEY: left as it is."

    def make_next(self) -> str:
        raise ChangedElsewhereError("The key comes from TIDEMARK_KEY: change it there, new key first, then a comma.")

    def retire(self, current: str) -> None:
        del current
        raise ChangedElsewhereError("The keys come from TIDEMARK_KEY: take all but the first out of it.")


def holders_of(settings: Settings) -> list[KeyHolder]:
    """Return where keys are kept; new data keys are wrapped by the first. Raises KeyUnavailableError."""
    return [_holder(one, settings) for one in settings.keys_in]


def _holder(kept_in: KeysIn, settings: Settings) -> KeyHolder:
    if kept_in is KeysIn.VAULT and settings.vault is not None:
        return VaultHolder(settings.vault)
    if kept_in is KeysIn.AWS and settings.aws is not None:
        return AwsHolder(settings.aws)
    if kept_in is KeysIn.ENVIRONMENT or (kept_in is KeysIn.LOCAL and settings.key_value is not None):
        return EnvironmentHolder(settings.key_value)
    return FileHolder(settings.key_file)


def open_keys(settings: Settings) -> KeyProvider:
    """Return the keys of every place that the settings name; raises KeyUnavailableError with a sentence."""
    opened = tuple(holder.open() for holder in holders_of(settings))
    return opened[0] if len(opened) == 1 else SeveralProviders(opened)
