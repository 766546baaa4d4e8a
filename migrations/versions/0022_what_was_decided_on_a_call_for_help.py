"""what was decided on a call for help

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-28 20:33:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table('concern_decisions',
    sa.Column('concern_id', sa.Uuid(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('look_again_on', sa.Date(), nullable=True),
    sa.Column('is_told', sa.Boolean(), nullable=False),
    sa.Column('done', sa.LargeBinary(), nullable=True),
    sa.Column('why', sa.LargeBinary(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('young_person_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['concern_id'], ['concerns.id'], name=op.f('fk_concern_decisions_concern_id_concerns')),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_concern_decisions_council_id_councils')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_concern_decisions_decided_by_accounts')),
    sa.ForeignKeyConstraint(['young_person_id'], ['young_people.id'], name=op.f('fk_concern_decisions_young_person_id_young_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concern_decisions'))
    )
    with op.batch_alter_table('concern_decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_concern_decisions_concern_id'), ['concern_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_concern_decisions_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_concern_decisions_young_person_id'), ['young_person_id'], unique=False)


def downgrade_():
    op.drop_table('concern_decisions')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
