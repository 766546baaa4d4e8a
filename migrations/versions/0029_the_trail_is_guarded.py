"""the database refuses changes of the audit trail

Revision ID: 0029
Revises: 0028
Create Date: 2026-11-28 23:05:00

"""
from alembic import op

from app.audit.guards import drop_guards, install_guards


# revision identifiers, used by Alembic.
revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    install_guards(op.get_bind())


def downgrade_():
    drop_guards(op.get_bind())


def upgrade_keys():
    pass


def downgrade_keys():
    pass
