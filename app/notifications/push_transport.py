"""Sending web push (RFC 8030), sealed for the browser (RFC 8291) and signed (RFC 8292). Needs the extra `push`."""

import json
from typing import Any
from urllib.parse import urlsplit

import requests
from pywebpush import WebPushException, webpush

from app.crypto.push_key import in_base64url, push_key
from app.notifications.values import WORDS, Claimed, Result
from app.notifications.web_push import is_allowed
from app.settings import PushSettings
from app.web.languages import speaking

SECONDS = 10
LIVES = 2 * 3600
OKAY, NOT_FOUND, GONE, TOO_MANY, SERVER_ERROR = (200, 201, 202, 204), 404, 410, 429, 500


class _NoDetours(requests.Session):
    """A session that follows no redirect: it would lead off the list of push services."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 (as requests' own)
        kwargs["allow_redirects"] = False
        return super().request(*args, **kwargs)


def send_push(claimed: Claimed, settings: PushSettings) -> Result:
    """Hand one notice to its push service, sealed for the browser and signed with our key."""
    target, key = claimed.target, push_key(settings)
    if target is None or key is None or not is_allowed(target.endpoint, settings):
        return Result.REFUSED
    origin = urlsplit(target.endpoint)
    with speaking(claimed.language):
        body = str(WORDS[claimed.kind].push)
    try:
        response = webpush(
            {"endpoint": target.endpoint, "keys": {"p256dh": target.p256dh, "auth": target.auth}},
            data=json.dumps({"body": body, "tag": claimed.kind}),
            vapid_private_key=in_base64url(key),
            vapid_claims={"sub": settings.contact, "aud": f"{origin.scheme}://{origin.netloc}"},
            ttl=LIVES,
            headers={"Topic": claimed.topic, "Urgency": "normal"},
            timeout=SECONDS,
            requests_session=_NoDetours(),
        )
    except WebPushException as error:
        return _result_of(error.status_code)
    except (requests.RequestException, OSError):
        return Result.TRY_AGAIN
    return _result_of(response.status_code)


def _result_of(status: int | None) -> Result:
    if status in OKAY:
        return Result.TAKEN
    if status in {NOT_FOUND, GONE}:
        return Result.GONE
    if status is not None and (status == TOO_MANY or status >= SERVER_ERROR):
        return Result.TRY_AGAIN
    return Result.REFUSED
