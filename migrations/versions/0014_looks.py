"""how young people like it to look

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-28 16:30:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    with op.batch_alter_table('young_people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('looks', sa.LargeBinary(), nullable=True))


def downgrade_():
    with op.batch_alter_table('young_people', schema=None) as batch_op:
        batch_op.drop_column('looks')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
