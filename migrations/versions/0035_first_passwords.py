"""a password that somebody else typed is the first only

Revision ID: 0035
Revises: 0034
Create Date: 2026-11-29 06:45:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('password_given_at', sa.DateTime(), nullable=True))


def downgrade_():
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_column('password_given_at')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
