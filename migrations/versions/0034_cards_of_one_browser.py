"""a sign-in card belongs to the browser that opens it first

Revision ID: 0034
Revises: 0032
Create Date: 2026-11-29 03:10:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0034'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    with op.batch_alter_table('sign_in_cards', schema=None) as batch_op:
        batch_op.add_column(sa.Column('browser_hash', sa.LargeBinary(length=32), nullable=True))


def downgrade_():
    with op.batch_alter_table('sign_in_cards', schema=None) as batch_op:
        batch_op.drop_column('browser_hash')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
