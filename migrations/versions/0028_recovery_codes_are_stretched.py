"""recovery codes are stretched

Each is kept as Argon2id of what was kept before, so that a code on paper goes on working. Eight codes take half a second.

Revision ID: 0028
Revises: 0026
Create Date: 2026-11-28 23:10:00

"""
import secrets

from alembic import op
import sqlalchemy as sa

from app.accounts.passwords import stretched


# revision identifiers, used by Alembic.
revision = '0028'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('salt', sa.LargeBinary(length=16), nullable=True))
    codes = sa.table('recovery_codes', sa.column('id', sa.Uuid()), sa.column('account_id', sa.Uuid()),
                     sa.column('code_hash', sa.LargeBinary()), sa.column('salt', sa.LargeBinary()))
    connection, salts = op.get_bind(), {}
    for row in connection.execute(sa.select(codes.c.id, codes.c.account_id, codes.c.code_hash)).all():
        salt = salts.setdefault(row.account_id, secrets.token_bytes(16))
        values = {'code_hash': stretched(row.code_hash, salt), 'salt': salt}
        connection.execute(sa.update(codes).where(codes.c.id == row.id).values(values))
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.alter_column('salt', existing_type=sa.LargeBinary(length=16), nullable=False)


def downgrade_():
    op.execute('DELETE FROM recovery_codes')
    with op.batch_alter_table('recovery_codes', schema=None) as batch_op:
        batch_op.drop_column('salt')


def upgrade_keys():
    pass


def downgrade_keys():
    pass
