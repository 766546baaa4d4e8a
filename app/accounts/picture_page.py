"""The page of pictures: a young person taps four to choose them, to sign in, or to say again who they are."""

from flask.typing import ResponseReturnValue

from app.accounts.values import PICTURES, PICTURES_IN_CODE
from app.web.languages import _
from app.web.pages import page


def picture_page(
    *,
    action: str,
    title: str,
    hint: str,
    problem: str | None = None,
    status: int | None = None,
    code: str | None = None,
    knows_pictures: bool = True,
    has_passkey: bool = False,
) -> ResponseReturnValue:
    """Show the pictures, sent to `action`, with what was wrong; `code` is a sign-in card's, sent on with them."""
    return page(
        "accounts/pictures.html",
        status=status or (422 if problem else 200),
        pictures=PICTURES if knows_pictures else (),
        length=PICTURES_IN_CODE,
        problem=problem,
        code=code,
        action=action,
        title=title,
        hint=hint,
        has_passkey=has_passkey,
    )


def too_few_pictures() -> str:
    """Return what to do where not four pictures were tapped, or ones that there are not."""
    return _("Tap %(number)s pictures.", number=PICTURES_IN_CODE)
