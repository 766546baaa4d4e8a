"""Typed settings from the environment, with a settings file for development; unsafe production values are refused."""

from dataclasses import dataclass, field
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from environs import Env, EnvError, validate


class UnsafeSettingsError(RuntimeError):
    """The settings would put people's records at risk; the sentence says which and what to do."""


class Environment(StrEnum):
    """Where this copy runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class KeysIn(StrEnum):
    """Where key-encryption keys are kept."""

    LOCAL = "local"
    """In the environment where it has one, else in the key file."""
    FILE = "file"
    ENVIRONMENT = "environment"
    VAULT = "vault"
    AWS = "aws"


@dataclass(frozen=True, slots=True)
class VaultSettings:
    """One key of HashiCorp Vault's Transit engine, and the token that may use it (in a file, or itself)."""

    address: str
    key: str = "tidemark"
    mount: str = "transit"
    namespace: str = ""
    token: str | None = field(default=None, repr=False)
    token_file: Path | None = None
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """Keys of AWS KMS by their ARNs, the current one first, and who uses them. `endpoint`: other than the region's."""

    region: str
    keys: tuple[str, ...]
    access_key: str
    secret_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)
    endpoint: str | None = None
    ca_file: Path | None = None


class MailSecurity(StrEnum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server that takes what Tidemark sends."""

    host: str
    sender: str
    port: int = 587
    security: MailSecurity = MailSecurity.STARTTLS
    user: str | None = None
    password: str | None = None


@dataclass(frozen=True, slots=True)
class PushSettings:
    """Web push. `hosts` are push services to trust beside the browsers' own; `loopback` lets a test be one."""

    key_file: Path
    key_value: str | None = None
    contact: str = "https://localhost"
    hosts: tuple[str, ...] = ()
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class SignOnSettings:
    """Single sign-on. `hosts` are a council's own, within its network; `loopback` lets a test be a provider."""

    hosts: tuple[str, ...] = ()
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """A clamd that looks at files that people send: at a socket of this machine, else at a host and port."""

    path: Path | None = None
    host: str = ""
    port: int = 3310


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one place to another."""

    environment: Environment
    demo: bool
    secret_key: str | None = field(repr=False)
    database_url: str
    keys_database_url: str
    key_file: Path
    key_value: str | None = field(repr=False)
    index_key_file: Path
    index_key_value: str | None = field(repr=False)
    tombstones: Path
    """The list of who was forgotten: outside the backups of both databases."""
    trusted_hosts: tuple[str, ...]
    proxies: int
    keys_remembered: float = 60.0
    """Seconds that a process may keep an unwrapped data key."""
    emergency_minutes: int = 60
    """How long an emergency access lasts: 5 to 60 minutes."""
    council: str | None = None
    """Slug of the council whose files commands read where none is named."""
    mail: MailSettings | None = None
    push: PushSettings | None = None
    sign_on: SignOnSettings = SignOnSettings()
    keys_in: tuple[KeysIn, ...] = (KeysIn.LOCAL,)
    """Where key-encryption keys are kept: the first wraps new data keys, each opens what it wrapped."""
    vault: VaultSettings | None = None
    aws: AwsSettings | None = None
    backup_key_file: Path = Path("instance/backup-key")
    """What backups are sealed with: kept apart from them."""
    redis_url: str | None = None
    """Where wrong tries are counted too, for several servers to see at once."""
    scanner: ScannerSettings | None = None
    """What looks for viruses in files that people send; None: nothing does."""

    @property
    def public_address(self) -> str | None:
        """Return where people sign in, for letters; None where no host name is set."""
        return f"https://{self.trusted_hosts[0]}/" if self.trusted_hosts else None

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
        key_file = env.path("KEY_FILE", default=instance / "key-encryption-key")
        settings = Settings(
            environment=env.enum("ENVIRONMENT", enum=Environment, by_value=True, default=Environment.DEVELOPMENT),
            demo=env.bool("DEMO", default=False),
            secret_key=env.str("SECRET_KEY", default=None),
            database_url=env.str("DATABASE_URL", default=f"sqlite:///{instance / 'tidemark.db'}"),
            keys_database_url=env.str("KEYS_DATABASE_URL", default=f"sqlite:///{instance / 'keys.db'}"),
            key_file=key_file,
            key_value=env.str("KEY", default=None),
            index_key_file=env.path("INDEX_KEY_FILE", default=instance / "index-key"),
            index_key_value=env.str("INDEX_KEY", default=None),
            tombstones=env.path("TOMBSTONES", default=key_file.parent / "tombstones"),
            trusted_hosts=tuple(env.list("TRUSTED_HOSTS", default=[])),
            proxies=env.int("PROXIES", default=0),
            keys_remembered=env.float("KEYS_REMEMBERED", default=60.0),
            emergency_minutes=env.int("EMERGENCY_MINUTES", default=60, validate=validate.Range(5, 60)),
            council=env.str("COUNCIL", default=None),
            mail=_mail(env),
            push=_push(env, instance),
            redis_url=env.str("REDIS_URL", default=None) or None,
            scanner=_scanner(env.str("CLAMD", default="")),
            sign_on=SignOnSettings(
                hosts=tuple(env.list("SIGN_ON_HOSTS", default=[])), loopback=env.bool("SIGN_ON_LOOPBACK", default=False)
            ),
            backup_key_file=env.path("BACKUP_KEY_FILE", default=instance / "backup-key"),
            keys_in=(keys_in := _keys_in(env)),
            vault=_vault(env) if KeysIn.VAULT in keys_in else None,
            aws=_aws(env) if KeysIn.AWS in keys_in else None,
        )
    except EnvError as error:
        raise UnsafeSettingsError(f"A setting cannot be used: {error}.") from error
    if settings.redis_url and find_spec("redis") is None:
        raise UnsafeSettingsError("TIDEMARK_REDIS_URL needs one more package: “make install-extras” brings it.")
    refuse_unsafe(settings)
    return settings


def _keys_in(env: Env) -> tuple[KeysIn, ...]:
    named: list[str] = env.list("KEYS_IN", default=[KeysIn.LOCAL.value])
    known = {one.value for one in KeysIn}
    if not named or set(named) - known:
        raise UnsafeSettingsError(f"TIDEMARK_KEYS_IN names what there is not: it takes {', '.join(sorted(known))}.")
    return tuple(KeysIn(one) for one in named)


def _scanner(address: str) -> ScannerSettings | None:
    """Return where clamd is: `/run/clamav/clamd.ctl`, or `127.0.0.1:3310`."""
    if not address:
        return None
    if address.startswith("/"):
        return ScannerSettings(path=Path(address))
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdecimal():
        raise UnsafeSettingsError("TIDEMARK_CLAMD takes the path of a socket, or host and port: 127.0.0.1:3310.")
    return ScannerSettings(host=host.strip("[]"), port=int(port))


def _vault(env: Env) -> VaultSettings:
    return VaultSettings(
        address=env.str("VAULT_ADDRESS"),
        key=env.str("VAULT_KEY", default="tidemark"),
        mount=env.str("VAULT_MOUNT", default="transit"),
        namespace=env.str("VAULT_NAMESPACE", default=""),
        token=env.str("VAULT_TOKEN", default=None),
        token_file=env.path("VAULT_TOKEN_FILE", default=None),
        ca_file=env.path("VAULT_CA_FILE", default=None),
    )


def _aws(env: Env) -> AwsSettings:
    return AwsSettings(
        region=env.str("AWS_REGION"),
        keys=tuple(env.list("AWS_KEYS", validate=validate.Length(min=1))),
        access_key=env.str("AWS_ACCESS_KEY"),
        secret_key=env.str("AWS_SECRET_KEY"),
        session_token=env.str("AWS_SESSION_TOKEN", default=None),
        endpoint=env.str("AWS_ENDPOINT", default=None),
        ca_file=env.path("AWS_CA_FILE", default=None),
    )


def _mail(env: Env) -> MailSettings | None:
    host = env.str("SMTP_HOST", default=None)
    if not host:
        return None
    return MailSettings(
        host=host,
        sender=env.str("EMAIL_FROM"),
        port=env.int("SMTP_PORT", default=587),
        security=env.enum("SMTP_SECURITY", enum=MailSecurity, by_value=True, default=MailSecurity.STARTTLS),
        user=env.str("SMTP_USER", default=None),
        password=env.str("SMTP_PASSWORD", default=None),
    )


def _push(env: Env, instance: Path) -> PushSettings:
    hosts: list[str] = env.list("TRUSTED_HOSTS", default=[])
    return PushSettings(
        key_file=env.path("PUSH_KEY_FILE", default=instance / "push-key"),
        key_value=env.str("PUSH_KEY", default=None),
        contact=env.str("PUSH_CONTACT", default=f"https://{hosts[0] if hosts else 'localhost'}"),
        hosts=tuple(env.list("PUSH_HOSTS", default=[])),
        loopback=env.bool("PUSH_LOOPBACK", default=False),
    )


SHORTEST_SECRET = 32
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


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
    if settings.push and settings.push.loopback:
        raise UnsafeSettingsError("TIDEMARK_PUSH_LOOPBACK is for tests: production pushes to public services only.")
    if settings.sign_on.loopback:
        raise UnsafeSettingsError("TIDEMARK_SIGN_ON_LOOPBACK is for tests: production signs on over HTTPS only.")
    if settings.mail and settings.mail.security is MailSecurity.NONE and settings.mail.host not in THIS_MACHINE:
        raise UnsafeSettingsError("E-mail would leave unprotected: set TIDEMARK_SMTP_SECURITY to starttls or tls.")
    if settings.scanner and settings.scanner.path is None and settings.scanner.host not in THIS_MACHINE:
        raise UnsafeSettingsError("Photos would go to the scanner unprotected: let TIDEMARK_CLAMD be on this machine.")
    if settings.database_url == settings.keys_database_url:
        raise UnsafeSettingsError("The keys need a database of their own: set TIDEMARK_KEYS_DATABASE_URL.")
