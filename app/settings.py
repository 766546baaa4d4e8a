"""Typed settings from the environment, with a settings file for development; unsafe production values are refused."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from environs import Env, EnvError


class UnsafeSettingsError(RuntimeError):
    """The settings would put people's records at risk; the sentence says which and what to do."""


class Environment(StrEnum):
    """Where this copy runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one place to another."""

    environment: Environment
    demo: bool
    secret_key: str | None
    database_url: str
    keys_database_url: str
    key_file: Path
    key_value: str | None
    index_key_file: Path
    index_key_value: str | None
    trusted_hosts: tuple[str, ...]
    proxies: int
    keys_remembered: float = 60.0
    """Seconds that a process may keep an unwrapped data key."""
    council: str | None = None
    """Slug of the council whose files commands read where none is named."""

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION


def load_settings(instance: Path) -> Settings:
    """Read `TIDEMARK_*` from the environment, else from `instance/settings.env`.

    Raises UnsafeSettingsError with a sentence for a value that cannot be used, or that production must not have.
    """
    env = Env(prefix="TIDEMARK_")
    settings_file = instance / "settings.env"
    if settings_file.is_file():
        env.read_env(str(settings_file), recurse=False)
    try:
        settings = Settings(
            environment=env.enum("ENVIRONMENT", enum=Environment, by_value=True, default=Environment.DEVELOPMENT),
            demo=env.bool("DEMO", default=False),
            secret_key=env.str("SECRET_KEY", default=None),
            database_url=env.str("DATABASE_URL", default=f"sqlite:///{instance / 'tidemark.db'}"),
            keys_database_url=env.str("KEYS_DATABASE_URL", default=f"sqlite:///{instance / 'keys.db'}"),
            key_file=env.path("KEY_FILE", default=instance / "key-encryption-key"),
            key_value=env.str("KEY", default=None),
            index_key_file=env.path("INDEX_KEY_FILE", default=instance / "index-key"),
            index_key_value=env.str("INDEX_KEY", default=None),
            trusted_hosts=tuple(env.list("TRUSTED_HOSTS", default=[])),
            proxies=env.int("PROXIES", default=0),
            keys_remembered=env.float("KEYS_REMEMBERED", default=60.0),
            council=env.str("COUNCIL", default=None),
        )
    except EnvError as error:
        raise UnsafeSettingsError(f"A setting cannot be used: {error}.") from error
    refuse_unsafe(settings)
    return settings


SHORTEST_SECRET = 32


def refuse_unsafe(settings: Settings) -> None:
    """Raise UnsafeSettingsError where production has a value that only suits trying Tidemark out."""
    if not settings.is_production:
        return
    if settings.demo:
        raise UnsafeSettingsError("Demo mode signs people in without a password: set TIDEMARK_DEMO=0 in production.")
    if len(settings.secret_key or "") < SHORTEST_SECRET:
        raise UnsafeSettingsError("Production needs TIDEMARK_SECRET_KEY: 32 or more random characters.")
    if not settings.trusted_hosts:
        raise UnsafeSettingsError("Production needs TIDEMARK_TRUSTED_HOSTS: the host names people use to reach it.")
    if settings.database_url == settings.keys_database_url:
        raise UnsafeSettingsError("The keys need a database of their own: set TIDEMARK_KEYS_DATABASE_URL.")
