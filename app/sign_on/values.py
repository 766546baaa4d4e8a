"""What single sign-on speaks of: a council's provider, who it says somebody is, and why not; no I/O."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.util import find_spec

from app.accounts.values import Role

LIFE = timedelta(minutes=10)
"""How long somebody may take at the provider, and afterwards to say which account is theirs."""
CLOCK_SKEW = timedelta(minutes=2)
INVITED_FOR = timedelta(days=14)
LONGEST_ADDRESS = 500
NEVER = frozenset({Role.YOUNG_PERSON})
NOT_INSTALLED = "Single sign-on needs two more packages on the server: “make install-extras”, then start again."


def is_installed() -> bool:
    """Say whether the extra `sso` is here."""
    return find_spec("authlib") is not None and find_spec("requests") is not None


class Purpose(StrEnum):
    """Why somebody goes to the provider."""

    SIGN_IN = "sign_in"
    AGAIN = "again"
    CONNECT = "connect"


@dataclass(frozen=True, slots=True)
class ProviderDetails:
    """How a council's provider is reached, and whom it may sign in.

    `secret`: None keeps the one that is there. `second_step`: values of `acr` or `amr` that tell of two steps.
    """

    name: str
    issuer: str
    client_id: str
    secret: str | None
    roles: frozenset[Role]
    second_step: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Client:
    """What the protocol needs to know of a provider and of us."""

    issuer: str
    client_id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What one visit to the provider is known by: random, each good once."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says somebody is.

    `email` is empty unless the provider vouches for it; `methods` are its `acr` and `amr`; `proved_at` is when it last
    asked them, where it says so.
    """

    issuer: str
    subject: str
    email: str
    methods: frozenset[str]
    proved_at: datetime | None


class SignOnError(RuntimeError):
    """Somebody was not signed in; the sentence says what to do."""

    status = 422


class ProviderDownError(SignOnError):
    """The provider does not answer, or not as OpenID Connect has it."""

    status = 503

    def __init__(self) -> None:
        super().__init__("Your council’s sign-in does not answer. Try again in a minute, or sign in another way.")


class NotBegunHereError(SignOnError):
    """An answer came that this browser did not ask for, or too late, or twice."""

    def __init__(self) -> None:
        super().__init__("That took too long, or was begun somewhere else. Sign in once more from here.")


class NotTrustedError(SignOnError):
    """The answer is not one that the provider made for us, now."""

    def __init__(self) -> None:
        super().__init__(
            "Your council’s sign-in gave an answer that cannot be trusted. Try again. "
            "If it stays like this, tell your council’s administrator."
        )


class StoppedThereError(SignOnError):
    """The provider sent them back without signing them in."""

    def __init__(self) -> None:
        super().__init__("You were not signed in at your council. Try again, or sign in another way.")


class NotTheirsError(SignOnError):
    """No account may be used with this subject; one sentence for a closed one, another role, or another person's."""

    def __init__(self) -> None:
        super().__init__("This council account opens nothing here. Ask your council’s administrator.")


class NoTimeSaidError(SignOnError):
    """Asked again, the provider did not say that it asked them just now."""

    def __init__(self) -> None:
        super().__init__("Your council’s sign-in did not ask who you are just now. Use your password or passkey here.")


class AccountInUseError(ValueError):
    """Somebody has signed in to this account, so nobody else can say who may use it."""


class NotAProviderError(ValueError):
    """An issuer cannot be used; the sentence says why."""
