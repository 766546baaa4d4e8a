"""What a page may show of the media on an entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.media.models import Media
from app.media.values import MediaKind
from app.web.languages import _

A_MINUTE = 60


@dataclass(frozen=True, slots=True)
class MediaView:
    """One of the media; `alt` says what is in it to somebody who cannot see or hear it."""

    id: UUID
    kind: MediaKind
    title: str
    description: str
    alt: str
    width: int
    height: int

    @property
    def summary(self) -> str:
        return f"{self.title}: {self.description}" if self.description else self.title

    @property
    def is_picture(self) -> bool:
        return self.kind.is_picture


def media_view(media: Media) -> MediaView:
    facts, said = media.facts, media.description
    seconds = int(facts.get("seconds") or 0)
    length = f", {seconds // A_MINUTE}:{seconds % A_MINUTE:02}" if seconds else ""
    return MediaView(
        id=media.id,
        kind=media.kind,
        title=f"{media.kind.words}{length}",
        description=said,
        alt=f"{media.kind.words}: {said}" if said else _("%(kind)s, with no words yet", kind=media.kind.words),
        width=int(facts.get("width") or 0),
        height=int(facts.get("height") or 0),
    )


def media_views(media: Iterable[Media]) -> list[MediaView]:
    return [media_view(one) for one in media]


def views_by_entry(media: Mapping[UUID, Sequence[Media]]) -> dict[UUID, list[MediaView]]:
    return {entry_id: media_views(on_it) for entry_id, on_it in media.items()}


def kind_to_add(sent: Mapping[str, str]) -> MediaKind | None:
    """Return what somebody wants to add once their words are saved, as a form's button says; None for nothing."""
    try:
        return MediaKind(sent.get("then", ""))
    except ValueError:
        return None
