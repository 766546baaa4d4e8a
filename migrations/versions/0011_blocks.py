"""what was opened once, kept for the next refresh

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-25 02:20:00.000000

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table('score_blocks',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('contents', sa.LargeBinary(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('young_person_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_score_blocks_council_id_councils')),
    sa.ForeignKeyConstraint(['young_person_id'], ['young_people.id'], name=op.f('fk_score_blocks_young_person_id_young_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_blocks')),
    sa.UniqueConstraint('young_person_id', name=op.f('uq_score_blocks_young_person_id'))
    )
    with op.batch_alter_table('score_blocks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_score_blocks_council_id'), ['council_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_score_blocks_young_person_id'), ['young_person_id'], unique=False)

    with op.batch_alter_table('refreshes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('read_to', sa.Integer(), server_default='0', nullable=False))


def downgrade_():
    with op.batch_alter_table('refreshes', schema=None) as batch_op:
        batch_op.drop_column('read_to')

    with op.batch_alter_table('score_blocks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_score_blocks_young_person_id'))
        batch_op.drop_index(batch_op.f('ix_score_blocks_council_id'))

    op.drop_table('score_blocks')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
