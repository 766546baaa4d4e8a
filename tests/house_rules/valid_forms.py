"""Every form of the app's own list of addresses, as somebody who may send it fills it in over a whole record."""

from dataclasses import dataclass, field

from tests.people import PASSWORD

NEW = "00000000-0000-4000-8000-00000000abcd"
NEW_PASSWORD = "seven herons over the weir"
REASON = "Did not come home; the police ask."
YOUNG, MENTOR, STAFF, ADMIN = "young_person", "mentor", "council_staff", "administrator"
Sent = dict[str, str | list[str]]


@dataclass(frozen=True)
class Form:
    """One form: who sends it and what is in it; words in braces are ids, by the name that an address has for them.

    `takes`: fields that it has besides. `refused`: why this one is refused here, as it is without more fields too.
    `writes_nothing`: it only reads. `after`: forms that have to be sent first. `by_name`: what an address takes
    besides ids.
    """

    who: str
    sent: Sent = field(default_factory=dict)
    takes: str = ""
    refused: str = ""
    writes_nothing: bool = False
    after: str = ""
    has_file: bool = False
    by_name: dict[str, str] = field(default_factory=dict)


NOBODY = "nobody"
SEEN = "timeline.acknowledge_concern"
DERWENT = {"slug": "derwent"}
PHOTO = {"kind": "photo"}
WAYS_IN = {
    "accounts.sign_in_page": Form(NOBODY, {"email": "jo@derwent.example", "password": PASSWORD}, by_name=DERWENT),
    "accounts.card": Form(NOBODY, {"code": "2345-6789"}, takes="picture", by_name=DERWENT, refused="no card has it"),
    "accounts.picture_code": Form(NOBODY, {"picture": ["cat"]}, refused="a browser that is not enrolled"),
    "accounts.sign_out_now": Form(MENTOR),
    "again.ask": Form(MENTOR, {"password": PASSWORD}, takes="code picture"),
    "forgotten.ask": Form(NOBODY, {"email": "jo@derwent.example"}, by_name=DERWENT, refused="no post office is set up"),
    "forgotten.choose": Form(
        NOBODY,
        {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD},
        takes="code",
        by_name=DERWENT,
        refused="no link was opened",
    ),
    "letting_in.ask": Form(NOBODY, takes="picture do", by_name=DERWENT),
    "looks.choose_language": Form(
        NOBODY, {"language": "cy", "to": "accounts.welcome"}, takes="code", writes_nothing=True
    ),
    "my_data.is_it_done": Form(NOBODY, {"receipt": "ABCD-EFGH"}, refused="no request has it"),
    "profile_links.read": Form(NOBODY, {"code": "x" * 32}, takes="as", by_name=DERWENT, refused="no link has it"),
    "second_step.ask": Form(NOBODY, {"code": "123456"}, writes_nothing=True),
    "second_step.options": Form(NOBODY),
    "second_step.prove": Form(NOBODY, {"credential": "{{}}"}, refused="no authenticator made it"),
    "sign_on.account": Form(
        NOBODY,
        {"email": "jo@derwent.example", "password": PASSWORD},
        takes="code",
        by_name=DERWENT,
        refused="no provider is set up",
    ),
    "sign_on.invited": Form(NOBODY, by_name=DERWENT, refused="no provider is set up"),
}
MY_SIGN_IN = {
    "my_sign_in.add_passkey": Form(MENTOR, {"credential": "{{}}"}, writes_nothing=True),
    "my_sign_in.begin_authenticator": Form(MENTOR),
    "my_sign_in.confirm_authenticator": Form(MENTOR, {"code": "123456"}, refused="no app is being set up"),
    "my_sign_in.end_every_session": Form(MENTOR),
    "my_sign_in.end_session": Form(YOUNG),
    "my_sign_in.forget_authenticator": Form(MENTOR),
    "my_sign_in.new_recovery_codes": Form(MENTOR),
    "my_sign_in.passkey_options": Form(MENTOR),
    "my_sign_in.remove_passkey": Form(YOUNG),
    "notifications.add_browser": Form(
        MENTOR,
        {"endpoint": "https://fcm.googleapis.com/fcm/send/x", "p256dh": "x", "auth": "x"},
        refused="no push service is set up",
    ),
    "notifications.choose_email": Form(MENTOR, {"wanted": "y", "address": "jo@home.example"}),
    "notifications.forget_browser": Form(YOUNG),
    "notifications.open_replies": Form(YOUNG),
    "passwords.change": Form(
        MENTOR, {"password": PASSWORD, "new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD}
    ),
    "sign_on.connect_mine": Form(MENTOR, refused="no provider is set up"),
    "sign_on.disconnect": Form(MENTOR),
}
OF_ADMINISTRATORS = {
    "accounts.all_accounts": Form(
        ADMIN, {"role": "mentor", "name": "Nia New", "email": "nia@derwent.example", "password": NEW_PASSWORD}
    ),
    "accounts.forget_second_steps": Form(ADMIN),
    "accounts.set_active": Form(ADMIN, {"active": "no"}),
    "sign_on_admin.invite": Form(ADMIN, writes_nothing=True),
    "sign_on_admin.set_up": Form(
        ADMIN,
        {
            "name": "Work account",
            "issuer": "https://id.example",
            "client_id": "tidemark",
            "secret": "of the provider",
            "roles": ["mentor"],
        },
        takes="is_open second_step",
    ),
    "emergency.review": Form("auditor", {"verdict": "right", "words": "They were right to look."}),
}
OF_YOUNG_PEOPLE = {
    "attachments.add_to_check_in": Form(YOUNG, {"id": NEW}, "description", has_file=True, by_name=PHOTO),
    "attachments.add_to_post": Form(YOUNG, {"id": NEW}, "description", has_file=True, by_name=PHOTO),
    "attachments.add_to_profile": Form(YOUNG, {"id": NEW}, "description", has_file=True, by_name=PHOTO),
    "attachments.post_without_words": Form(
        YOUNG, {"id": NEW, "audience": "mentor"}, "description", has_file=True, by_name=PHOTO
    ),
    "attachments.one": Form(YOUNG, {"description": "Two swans"}),
    "attachments.put_back": Form(YOUNG, after="attachments.take_away"),
    "attachments.take_away": Form(YOUNG),
    "checkins.one": Form(
        YOUNG,
        {"answer": "2", "feelings": ["calm"], "words": "Better", "audience": "mentor"},
        takes="then going_on who_with at",
    ),
    "checkins.record": Form(YOUNG, {"id": NEW, "measure": "faces", "answer": "4"}, takes="at words then"),
    "checkins.undo": Form(YOUNG),
    "checkins.way_to_answer": Form(YOUNG, {"measure": "scale"}),
    "copies.mine": Form(YOUNG),
    "decisions.parts": Form(YOUNG, {"admire": "mentor", "picture": "only_me"}),
    "feed.choose_audience": Form(YOUNG, {"audience": "mentor"}),
    "feed.delete": Form(YOUNG),
    "feed.edit": Form(YOUNG, {"words": "Swans", "audience": "mentor"}),
    "feed.reply": Form(YOUNG, {"id": NEW, "words": "And cygnets"}, takes="at"),
    "feed.write": Form(YOUNG, {"id": NEW, "words": "Swans", "audience": "mentor"}, takes="at then"),
    "feedback.one": Form(YOUNG, {"how_was_it": "5", "treated": "yes", "audience": "mentor"}),
    "feedback.say": Form(YOUNG, {"how_was_it": "5"}, takes="treated"),
    "goals.add_step": Form(YOUNG, {"id": NEW, "words": "Find the pool"}),
    "goals.edit": Form(YOUNG, {"title": "Swim", "audience": "mentor"}, takes="rating"),
    "goals.mark_reached": Form(YOUNG, {"reached": "yes"}),
    "goals.mark_step": Form(YOUNG, {"done": "yes"}),
    "goals.new": Form(YOUNG, {"id": NEW, "title": "Swim", "rating": "3", "audience": "mentor"}, takes="at"),
    "goals.put_away": Form(YOUNG),
    "goals.rate": Form(YOUNG, {"id": NEW, "rating": "7"}, takes="at"),
    "looks.mine": Form(YOUNG, {"language": "en", "size": "large", "letters": "usual", "colours": "dark"}),
    "my_data.forget_me": Form("other_young_person", {"words": "Please"}),
    "my_data.take_back": Form(YOUNG),
    "phone.forget_this_phone": Form(YOUNG),
    "profile_links.mine": Form(YOUNG, {"for_whom": "My club", "shown": ["admire"], "lasts": "week"}),
    "profile_links.stop": Form(YOUNG),
    "profiles.edit": Form(YOUNG, {"admire": "My jokes", "said_by": "Amina"}),
    "prompts.answer_suggestion": Form(YOUNG, {"answer": "yes"}),
    "prompts.mine": Form(YOUNG, {"days": ["1"], "at": "16:00", "quiet_from": "21:00", "quiet_until": "07:00"}),
    "prompts.pause": Form(YOUNG, {"for": "week"}),
    "prompts.put_off": Form(YOUNG, {"when": "hour"}),
    "prompts.resume": Form(YOUNG),
    "safeguarding.ask_for_help": Form(YOUNG, {"id": NEW, "words": "Please ring me"}, takes="not_safe"),
    "young_people.forget_phone": Form(YOUNG),
    "young_people.me": Form(
        YOUNG,
        {"default_audience": "mentor", "profile_audience": "mentor", "in_group_figures": "y"},
        takes="shares_profile_with_providers",
    ),
}
OF_PARENT_CARERS = {
    "carers.choose": Form("parent_carer", {"shares_with_mentor": "y"}, takes="in_group_figures"),
    "carers.mine": Form("parent_carer", {"id": NEW, "answer": "8"}, takes="words at"),
    "carers.undo": Form("parent_carer"),
}
OF_MENTORS = {
    "concerns.one": Form(
        MENTOR,
        {"decision_id": NEW, "done": ["talked"], "why": "All is well again.", "now": "closed"},
        takes="look_again_on is_told",
        after=SEEN,
    ),
    "decisions.decide": Form(
        MENTOR,
        {"choice": "only_me", "way": "together", "why": "We talked about it."},
        takes="asked review_on",
        by_name={"what": "default_audience"},
    ),
    "emergency.ask": Form(MENTOR, {"reference": "YP-2", "reason": REASON}),
    "emergency.end": Form("unrelated_mentor"),
    "profiles.type_together": Form(MENTOR, {"admire": "Her jokes", "said_by": "Amina"}),
    "prompts.of_young_person": Form(
        MENTOR, {"days": ["1"], "at": "16:00", "quiet_from": "21:00", "quiet_until": "07:00"}, takes="how"
    ),
    "prompts.pause_for": Form(MENTOR, {"for": "week"}),
    "school.remove": Form(MENTOR),
    "school.weeks": Form(MENTOR, {"week": "2025-11-17", "possible": "10", "attended": "8"}, takes="full_time"),
    "timeline.acknowledge_concern": Form(MENTOR),
    "timeline.add_life_event": Form(MENTOR, {"title": "Moved", "on": "2025-11-17"}),
    "timeline.forget_phones": Form(MENTOR),
    "timeline.let_phone_in": Form(MENTOR, {"code": "234567"}, takes="do whose", refused="no phone asks"),
    "timeline.sign_in_card": Form(MENTOR),
    "timeline.write_note": Form(MENTOR, {"words": "Rang school"}),
    "together.record": Form(
        MENTOR, {"id": NEW, "answer": "4", "feelings": ["calm"], "audience": "mentor"}, takes="words going_on who_with"
    ),
    "together.take_back": Form(MENTOR),
}
OF_A_PERSON = (
    "preferred_name pronouns date_of_birth sex ethnicity primary_need presenting_needs diagnoses locality entry_route"
    " contact"
)
OF_STAFF = {
    "breaks.add_member": Form(STAFF, {"account": "{provider_account}"}),
    "breaks.edit_offer": Form(STAFF, {"name": "Climbing higher"}, takes="summary what_it_is_like place cost is_open"),
    "breaks.end_place": Form(STAFF),
    "breaks.new_offer": Form(
        STAFF, {"provider": "{provider_id}", "name": "Rowing"}, takes="summary what_it_is_like place cost is_open"
    ),
    "breaks.new_session": Form(
        STAFF,
        {"on": "2025-11-17", "starts": "16:00", "ends": "17:00", "weeks": "2", "nights": "0"},
        takes="place who_will_be_there",
    ),
    "breaks.place": Form(STAFF, {"young_person": "{ben}", "do": "place"}, takes="wanted referred_on"),
    "breaks.providers": Form(STAFF, {"name": "River Trust"}),
    "breaks.register": Form(STAFF, {"status-{amina}": "part"}),
    "directory.add_tie": Form(STAFF, {"account": "{stranger}:team"}),
    "directory.edit_young_person": Form(STAFF, {"first_name": "Amina", "last_name": "Testperson"}, takes=OF_A_PERSON),
    "directory.end_tie": Form(STAFF),
    "directory.new_young_person": Form(
        STAFF, {"reference": "YP-9", "first_name": "Nia", "last_name": "New"}, takes=OF_A_PERSON
    ),
    "directory.young_people": Form(STAFF, {"wanted": "Ben"}),
    "keeping_safe.rules": Form(
        STAFF,
        {"within": "4", "closed_on": "ENG", "opens_0": "09:00", "closes_0": "17:00", "cover": ["{staff}"]},
        takes="phrases closed",
    ),
    "keeping_safe.take": Form(STAFF),
    "records.confirm": Form(STAFF, {"reference": "{reference}"}, after=SEEN),
    "records.forget": Form(
        STAFF,
        {"basis": "asked", "reason": "They asked for it."},
        after=f"{SEEN} records.take_away",
    ),
    "records.kept": Form(STAFF),
    "records.say_no": Form(STAFF, {"reply": "We have to keep this for now."}),
    "records.take_away": Form(STAFF),
}
FORMS = {
    **WAYS_IN,
    **MY_SIGN_IN,
    **OF_ADMINISTRATORS,
    **OF_YOUNG_PEOPLE,
    **OF_PARENT_CARERS,
    **OF_MENTORS,
    **OF_STAFF,
}
