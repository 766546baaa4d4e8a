"""an outcome for every published cell

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-25 01:40:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

OLD = 'uq_published_cells_council_id_table_name_intervention_id_group_key'
NEW = 'uq_published_cells_council_id_outcome_table_name_intervention_id_group_key'


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    with op.batch_alter_table('published_cells', schema=None) as batch_op:
        batch_op.add_column(sa.Column('outcome', sa.String(length=40), server_default='wellbeing', nullable=False))
        batch_op.drop_constraint(batch_op.f(OLD), type_='unique')
        batch_op.create_unique_constraint(batch_op.f(NEW), ['council_id', 'outcome', 'table_name', 'intervention_id', 'group_key'])


def downgrade_():
    with op.batch_alter_table('published_cells', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(NEW), type_='unique')
        batch_op.create_unique_constraint(batch_op.f(OLD), ['council_id', 'table_name', 'intervention_id', 'group_key'])
        batch_op.drop_column('outcome')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
