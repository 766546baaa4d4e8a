"""Some weeks of a young person's life with Tidemark: enough to see how their pages read and what they weigh."""

from datetime import timedelta
from functools import cache
from io import BytesIO
from uuid import uuid4

from PIL import Image, ImageFilter, ImageOps

from app import clock
from app.checkins.services import record_check_in
from app.checkins.values import NewCheckIn
from app.database import transaction
from app.feed.services import write_post, write_reply
from app.goals.services import add_step, rate_goal, set_goal
from app.media.opening import open_picture
from app.media.services import keep_media
from app.media.values import Cleaned, HangsOn, MediaKind, Place
from app.profiles.services import save_profile
from app.profiles.values import SECTIONS
from app.young_people.queries import own_access
from app.young_people.values import Audience
from tests.people import Cast

WORDS = "Went to the shop on my own. It was loud, but I wore my headphones and got the bread."


@cache
def photo() -> Cleaned:
    """Return a photo with as much in it as one of a garden."""
    blur = Image.effect_noise((1_600, 1_200), 90).filter(ImageFilter.GaussianBlur(6))
    seen = ImageOps.colorize(ImageOps.autocontrast(blur), "#17351f", "#f6e3b4", mid="#5f8f4e")
    out = BytesIO()
    seen.save(out, "JPEG")
    made = open_picture(out.getvalue(), "JPEG")
    return Cleaned(made.contents, made.thumbnail, "image/webp", made.width, made.height)


def live(cast: Cast) -> None:
    """Record check-ins, posts with replies, a photo and a drawing, goals and a profile; commits."""
    viewer = cast.young_person
    with transaction():
        access = own_access(viewer)
        for day in range(1, 40, 2):
            new = NewCheckIn(uuid4(), "faces", 1 + day % 5, at=clock.now() - timedelta(days=day), words=WORDS)
            record_check_in(viewer=viewer, access=access, new=new)
        for day in range(12):
            post = write_post(viewer=viewer, access=access, words=WORDS, audience=Audience.MENTOR)
            write_reply(viewer=cast.mentor, post_id=post.id, words=f"Thank you for telling me. ({day})")
        place = Place(access.council_id, access.young_person_id, HangsOn.POST, post.id)
        for kind, words in ((MediaKind.PHOTO, "Our garden"), (MediaKind.DRAWING, "")):
            keep_media(viewer=viewer, place=place, media_id=uuid4(), kind=kind, cleaned=photo(), description=words)
        for title in ("Swim a whole length", "Order my own drink", "Go to form time"):
            goal = set_goal(viewer=viewer, access=access, title=title, rating=3)
            add_step(viewer=viewer, access=access, goal_id=goal.id, words="Buy goggles")
            rate_goal(viewer=viewer, access=access, goal_id=goal.id, rating=5)
        sections = {section.key: WORDS for section in SECTIONS}
        save_profile(viewer=viewer, access=access, sections=sections, said_by="")
