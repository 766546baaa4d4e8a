"""who somebody was with, and who typed what was said together

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-28 17:30:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    with op.batch_alter_table('check_ins', schema=None) as batch_op:
        batch_op.add_column(sa.Column('typed_by', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('who_with', sa.LargeBinary(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_check_ins_typed_by_accounts'), 'accounts', ['typed_by'], ['id'])


def downgrade_():
    with op.batch_alter_table('check_ins', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_check_ins_typed_by_accounts'), type_='foreignkey')
        batch_op.drop_column('who_with')
        batch_op.drop_column('typed_by')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
