"""proposals to forget somebody, and who made them

Revision ID: 0020
Revises: 0019
Create Date: 2026-11-28 19:50:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table('forgetting_proposals',
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(), nullable=False),
    sa.Column('basis', sa.Enum('asked', 'parent', 'mistake', 'law', 'kept_long_enough', name='basis', native_enum=False, length=30), nullable=False),
    sa.Column('reason', sa.LargeBinary(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('young_person_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_forgetting_proposals_council_id_councils')),
    sa.ForeignKeyConstraint(['proposed_by'], ['accounts.id'], name=op.f('fk_forgetting_proposals_proposed_by_accounts')),
    sa.ForeignKeyConstraint(['young_person_id'], ['young_people.id'], name=op.f('fk_forgetting_proposals_young_person_id_young_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forgetting_proposals')),
    sa.UniqueConstraint('young_person_id', name=op.f('uq_forgetting_proposals_young_person_id'))
    )
    with op.batch_alter_table('forgetting_proposals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_forgetting_proposals_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_forgetting_proposals_young_person_id'), ['young_person_id'], unique=False)
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.add_column(sa.Column('proposed_by', sa.Uuid(), nullable=True))


def downgrade_():
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.drop_column('proposed_by')
    with op.batch_alter_table('forgetting_proposals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_forgetting_proposals_young_person_id'))
        batch_op.drop_index(batch_op.f('ix_forgetting_proposals_council_id'))

    op.drop_table('forgetting_proposals')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
