"""what has been told of a withheld count

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-28 19:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    with op.batch_alter_table('published_cells', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told', sa.LargeBinary(), nullable=True))


def downgrade_():
    with op.batch_alter_table('published_cells', schema=None) as batch_op:
        batch_op.drop_column('told')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
