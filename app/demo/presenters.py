"""What the page `/demo` shows of each cast member."""

from collections.abc import Iterable

from flask import url_for

from app.accounts.models import Account
from app.demo.tokens import token_for
from app.demo.values import CastMember, SignInLink


def sign_in_links(cast: Iterable[tuple[CastMember, Account]], base_url: str = "") -> list[SignInLink]:
    """Return each cast member with an address that signs in: a path, or absolute where a base is given."""
    return [
        SignInLink(
            role=member.role,
            name=member.name,
            sign_in_url=base_url.rstrip("/") + url_for("demo.sign_in_as", token=token_for(account.id)),
            kind=member.kind,
            look_for=member.look_for,
        )
        for member, account in cast
    ]
