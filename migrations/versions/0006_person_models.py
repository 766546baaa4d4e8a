"""What single persons' estimates take from everybody

Revision ID: 0006
Revises: 0005
"""
from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table('person_models',
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('state', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_person_models_council_id_councils')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_models')),
    sa.UniqueConstraint('council_id', name=op.f('uq_person_models_council_id'))
    )


def downgrade_():
    op.drop_table('person_models')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
