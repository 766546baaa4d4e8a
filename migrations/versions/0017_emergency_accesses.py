"""emergency accesses

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-28 19:20:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table('emergency_accesses',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(), nullable=True),
    sa.Column('reviewed_by', sa.Uuid(), nullable=True),
    sa.Column('verdict', sa.Enum('right', 'not_right', name='verdict', native_enum=False, length=30), nullable=True),
    sa.Column('reason', sa.LargeBinary(), nullable=True),
    sa.Column('review', sa.LargeBinary(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('young_person_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_emergency_accesses_account_id_accounts')),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_emergency_accesses_council_id_councils')),
    sa.ForeignKeyConstraint(['reviewed_by'], ['accounts.id'], name=op.f('fk_emergency_accesses_reviewed_by_accounts')),
    sa.ForeignKeyConstraint(['young_person_id'], ['young_people.id'], name=op.f('fk_emergency_accesses_young_person_id_young_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_emergency_accesses'))
    )
    with op.batch_alter_table('emergency_accesses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_emergency_accesses_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_emergency_accesses_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_emergency_accesses_young_person_id'), ['young_person_id'], unique=False)


def downgrade_():
    with op.batch_alter_table('emergency_accesses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_emergency_accesses_young_person_id'))
        batch_op.drop_index(batch_op.f('ix_emergency_accesses_council_id'))
        batch_op.drop_index(batch_op.f('ix_emergency_accesses_account_id'))

    op.drop_table('emergency_accesses')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
