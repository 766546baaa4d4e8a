"""What an installed app needs, made from the files as they are: nothing here is about anybody."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import current_app, g, render_template, url_for

from app.checkins.measures import measure
from app.web.languages import _, page_language
from app.web.pages import asset

SHELL = (
    "css/tokens.css",
    "css/young-person.css",
    "js/app.js",
    "js/outbox.js",
    "js/phone.js",
    "vendor/htmx/htmx.min.js",
    "vendor/fluent/faces.svg",
    "img/icon.svg",
    "img/icons.svg",
)
ICONS = (("icon-192.png", 192, "any"), ("icon-512.png", 512, "any"), ("icon-maskable-512.png", 512, "maskable"))
TIDE, PAPER = "#1f5f7a", "#f7f5f0"
OFFLINE_MEASURE = "faces"


@dataclass(frozen=True, slots=True)
class OfflineAnswer:
    """One face on the page for no signal."""

    answer: int
    words: str


def manifest() -> dict[str, object]:
    return {
        "name": "Tidemark",
        "short_name": "Tidemark",
        "description": _("A private place to say how you are."),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": page_language().tag,
        "dir": page_language().direction,
        "theme_color": TIDE,
        "background_color": PAPER,
        "icons": [
            {"src": asset(f"img/{name}"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for name, size, purpose in ICONS
        ],
    }


def offline_page() -> str:
    """Return the page that a phone shows where the server cannot be reached; the same for everybody."""
    asked = measure(OFFLINE_MEASURE)
    answers = [OfflineAnswer(answer, asked.words_for(answer)) for answer in asked.answers]
    return render_template("phone/offline.html", question=asked.question, measure=asked.code, answers=answers)


def service_worker() -> str:
    """Return the worker with the addresses of the shell and a version that changes with any byte of it."""
    shell = [*(asset(name) for name in SHELL), url_for("phone.offline")]
    whole = "\n".join([*shell, asset("js/worker.js"), offline_page()])
    settings = {
        "version": hashlib.sha256(whole.encode()).hexdigest()[:16],
        "shell": shell,
        "offline": url_for("phone.offline"),
        "outbox": asset("js/outbox.js"),
        "push": asset("js/push-worker.js"),
        "leave": url_for("accounts.leave"),
        "signOut": url_for("accounts.sign_out_now"),
    }
    worker = (Path(current_app.static_folder or "") / "js" / "worker.js").read_text(encoding="utf-8")
    return f"const phone = {json.dumps(settings)};\n{worker}"


def owner_mark(account_id: UUID) -> str:
    """Return what tells one owner of waiting entries from another on a shared phone; says nothing of who it is."""
    secret = str(current_app.secret_key).encode()
    return hmac.digest(secret, b"outbox-owner:" + account_id.bytes, "sha256").hex()[:24]


def outbox_owner() -> str:
    """Return the mark of the young person whose page this is, for templates."""
    return owner_mark(g.viewer.account_id)
