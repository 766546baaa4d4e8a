"""phones that ask to be let in

Revision ID: 0024
Revises: 0029
Create Date: 2026-11-28 22:38:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0024'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table('device_requests',
    sa.Column('token_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('code_index', sa.LargeBinary(length=16), nullable=False),
    sa.Column('browser', sa.String(length=40), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=True),
    sa.Column('let_in_by', sa.Uuid(), nullable=True),
    sa.Column('let_in_at', sa.DateTime(), nullable=True),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_device_requests_account_id_accounts')),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_device_requests_council_id_councils')),
    sa.ForeignKeyConstraint(['let_in_by'], ['accounts.id'], name=op.f('fk_device_requests_let_in_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_requests')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_device_requests_token_hash'))
    )
    with op.batch_alter_table('device_requests', schema=None) as batch_op:
        batch_op.create_index('ix_device_requests_code', ['council_id', 'code_index'], unique=False)
        batch_op.create_index(batch_op.f('ix_device_requests_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_device_requests_council_id'), ['council_id'], unique=False)
    with op.batch_alter_table('enrolled_devices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('let_in_by', sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_enrolled_devices_let_in_by_accounts'), 'accounts', ['let_in_by'], ['id'])


def downgrade_():
    with op.batch_alter_table('enrolled_devices', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_enrolled_devices_let_in_by_accounts'), type_='foreignkey')
        batch_op.drop_column('let_in_by')
    op.drop_table('device_requests')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
