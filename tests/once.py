"""What a process of the tests does once, though each of its hundreds of apps would do it anew; no test is about these.

What comes of it is the same: the functions that build an address, the code that a template becomes. Passwords are
stretched with as little work as Argon2id takes, save where a test asks for `full_work`.
"""

import gc
from collections.abc import Callable
from copy import copy
from types import CodeType
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import BaseConverter, Rule

from app.accounts import passwords

FULL_WORK = passwords.HASHER
LITTLE_WORK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Compiled(BytecodeCache):
    """Templates' code by name and contents, in memory."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self.code[bucket.key, bucket.checksum] = bucket.code


def write_addresses_once(patch: pytest.MonkeyPatch) -> None:
    """Write Werkzeug's two functions that build an address once for each address, not for each app."""
    write = Rule._compile_builder  # noqa: SLF001 (most of what making an app takes)
    written: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}

    def remembered(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 (Werkzeug's own)
        key = (rule.rule, *rule._trace, repr(rule.defaults), append_unknown)  # noqa: SLF001 (all that the function says)
        if key not in written:
            written[key] = write(rule, append_unknown)
        return written[key]

    patch.setattr(Rule, "_compile_builder", remembered)


def read_addresses_once(patch: pytest.MonkeyPatch) -> None:
    """Take an address apart once, not for each app; the converters are each app's own."""
    parse = Rule._parse_rule  # noqa: SLF001 (half of what is left of making an app)
    parsed: dict[tuple[object, ...], tuple[list[Any], list[tuple[bool, str]], dict[str, BaseConverter]]] = {}

    def remembered(rule: Rule, path: str) -> list[Any]:
        known = (path, tuple(rule.map.converters.items()))
        if known not in parsed:
            begins = len(rule._trace)  # noqa: SLF001 (where it notes what it reads)
            parts = list(parse(rule, path))
            parsed[known] = parts, rule._trace[begins:], dict(rule._converters)  # noqa: SLF001 (as above)
            return parts
        parts, trace, converters = parsed[known]
        rule._trace += trace  # noqa: SLF001 (as above)
        for name, one in converters.items():
            rule._converters[name] = own = copy(one)  # noqa: SLF001 (as above)
            own.map = rule.map
            rule.arguments.add(name)
        return parts

    patch.setattr(Rule, "_parse_rule", remembered)


def compile_statements_once(patch: pytest.MonkeyPatch) -> None:
    """Compile a statement once for each kind of database, not for each engine, by taking two dialects for the same."""
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        patch.setattr(kind, "__eq__", lambda one, other: type(one) is type(other), raising=False)
        patch.setattr(kind, "__hash__", lambda one: hash(type(one)), raising=False)
    kept: dict[object, object] = {}
    event.listen(Engine, "engine_connect", lambda connection: connection.execution_options(compiled_cache=kept))


def stretch_with(patch: pytest.MonkeyPatch, hasher: PasswordHasher) -> None:
    """Stretch passwords with a hasher's work, where there is an account and where there is none."""
    patch.setattr(passwords, "HASHER", hasher)
    patch.setattr(passwords, "DUMMY_HASH", hasher.hash("nobody has this password"))


def collect_seldom() -> None:
    """Look for garbage less often, and never again among what was there before the first test: a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def do_once(patch: pytest.MonkeyPatch) -> None:
    """Begin with all of it."""
    collect_seldom()
    write_addresses_once(patch)
    read_addresses_once(patch)
    compile_statements_once(patch)
    patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Compiled()})
    stretch_with(patch, LITTLE_WORK)
