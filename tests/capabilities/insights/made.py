"""A made-up council whose first young person came to something, and has a mentor and a parent carer."""

from app.accounts.models import Account
from app.database import db, transaction
from app.young_people.models import YoungPerson
from app.young_people.services import tie_adult
from app.young_people.values import Tie
from tests.capabilities.impact_pages.council import MadeUp, Plan, make_council
from tests.people import Cast

PLANS = (Plan("Climbing club", 32, effect=2.0), Plan("Gaming group", 14), Plan("Swimming", 20), Plan("Days out", 4))


def make_followed(cast: Cast) -> MadeUp:
    """Make thirty-six young people; the first came to climbing and gaming. Commits."""
    with transaction():
        made = make_council(cast.council_id, PLANS, people=36)
        first = db.session.get_one(YoungPerson, made.people[0])
        for viewer, tie in ((cast.mentor, Tie.MENTOR), (cast.parent_carer, Tie.PARENT_CARER)):
            tie_adult(person=first, account=db.session.get_one(Account, viewer.account_id), tie=tie, actor=None)
    return made
