"""forgotten passwords

Revision ID: 0032
Revises: 0024
Create Date: 2026-11-29 02:50:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0032'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table('password_resets',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=True),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_password_resets_account_id_accounts')),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_password_resets_council_id_councils')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_resets')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_password_resets_token_hash'))
    )
    for column in ('account_id', 'council_id'):
        with op.batch_alter_table('password_resets', schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f'ix_password_resets_{column}'), [column], unique=False)


def downgrade_():
    op.drop_table('password_resets')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
