"""single sign-on

Revision ID: 0026
Revises: 0022
Create Date: 2026-11-28 22:50:00

"""
from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = '0026'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table('sign_on_providers',
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('issuer', sa.String(length=500), nullable=False),
    sa.Column('client_id', sa.String(length=200), nullable=False),
    sa.Column('roles', sa.String(length=200), nullable=False),
    sa.Column('second_step', sa.String(length=200), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_sign_on_providers_council_id_councils')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_on_providers')),
    sa.UniqueConstraint('council_id', name=op.f('uq_sign_on_providers_council_id'))
    )
    op.create_table('sign_on_subjects',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('subject_index', sa.LargeBinary(length=16), nullable=False),
    sa.Column('bound_at', sa.DateTime(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sign_on_subjects_account_id_accounts')),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_sign_on_subjects_council_id_councils')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_on_subjects')),
    sa.UniqueConstraint('account_id', name=op.f('uq_sign_on_subjects_account_id')),
    sa.UniqueConstraint('council_id', 'subject_index', name=op.f('uq_sign_on_subjects_council_id_subject_index'))
    )
    op.create_table('sign_on_invitations',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('invited_by', sa.Uuid(), nullable=False),
    sa.Column('invited_at', sa.DateTime(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sign_on_invitations_account_id_accounts')),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_sign_on_invitations_council_id_councils')),
    sa.ForeignKeyConstraint(['invited_by'], ['accounts.id'], name=op.f('fk_sign_on_invitations_invited_by_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_on_invitations')),
    sa.UniqueConstraint('account_id', name=op.f('uq_sign_on_invitations_account_id'))
    )
    op.create_table('spent_sign_ons',
    sa.Column('nonce_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('spent_at', sa.DateTime(), nullable=False),
    sa.Column('council_id', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['council_id'], ['councils.id'], name=op.f('fk_spent_sign_ons_council_id_councils')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spent_sign_ons')),
    sa.UniqueConstraint('nonce_hash', name=op.f('uq_spent_sign_ons_nonce_hash'))
    )
    for table, column in INDEXES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f'ix_{table}_{column}'), [column], unique=False)


INDEXES = (
    ('sign_on_subjects', 'council_id'),
    ('sign_on_invitations', 'council_id'),
    ('spent_sign_ons', 'council_id'),
    ('spent_sign_ons', 'spent_at'),
)


def downgrade_():
    for table in ('spent_sign_ons', 'sign_on_invitations', 'sign_on_subjects', 'sign_on_providers'):
        op.drop_table(table)


def upgrade_keys():
    pass


def downgrade_keys():
    pass
