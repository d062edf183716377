"""What every table and column keeps to."""

import pytest
from sqlalchemy import Column, DateTime, MetaData, Table, UniqueConstraint
from sqlalchemy.orm import configure_mappers

from backend.kernel.models import Base, Sensitivity
from backend.migrations.metadata import whole_metadata

OWNER = "municipality_id"
GLOBAL_TABLES = {
    "municipality",  # the register of them all
    "rate_counter",  # callers who are not known yet have no municipality
    "scheduled_run",  # jobs of the whole installation
}
QUEUES = {
    "ix_chunk_leased",  # workers look for work of all municipalities at once
    "ix_chunk_ready",
    "ix_outbox_event_run_at",
    "ix_provider_receipt_due_at_id",
}
NOT_PERSONAL = {
    "idempotency_key.request_digest",  # of a request, unkeyed to a person
    "login_session.secret_digest",  # of 256 random bits
    "registry_import.feed_digest",  # of a whole feed
    "registry_source.previous_secret_sealed",  # a system's secret
    "registry_source.secret_sealed",
    "status_source.previous_secret_sealed",  # a system's secret
    "status_source.secret_sealed",
}
KNOWN_PERSONAL = {
    "birth_on", "child_id", "citizenship", "family_name", "given_name", "guardian_id", "interests",
    "opened_at", "person_id", "resident_id", "sex", "social_statuses", "subject_id",
}  # fmt: skip
NOT_A_RESIDENTS = {"service_case.opened_at"}  # when the case was opened, not a message


@pytest.fixture(scope="session")
def metadata() -> MetaData:
    """Give all tables."""
    return whole_metadata()


def columns(metadata: MetaData) -> list[Column[object]]:
    """List all columns."""
    return [column for table in metadata.tables.values() for column in table.columns]


def leading(table: Table) -> list[list[str]]:
    """List the columns of each of a table's indexes, its keys among them, in order."""
    keys = [c.columns for c in table.constraints if isinstance(c, UniqueConstraint)]
    indexes = [index.columns for index in table.indexes]
    return [one.keys() for one in (*indexes, *keys, table.primary_key.columns)]


def test_every_instant_has_a_zone(metadata: MetaData) -> None:
    """A timestamp without a zone would mean another moment on another server."""
    for column in columns(metadata):
        if isinstance(column.type, DateTime):
            assert column.type.timezone, column


def test_every_table_belongs_to_a_municipality_or_is_listed(metadata: MetaData) -> None:
    """The owner is not null and first in the primary key; the few global tables stand above."""
    for name, table in metadata.tables.items():
        if name in GLOBAL_TABLES:
            assert OWNER not in table.columns, name
        else:
            assert next(iter(table.primary_key.columns)).name == OWNER, name
            assert not table.columns[OWNER].nullable, name


def test_the_owner_is_first_in_every_index(metadata: MetaData) -> None:
    """Row-level security asks for the municipality in every query; only queues span them."""
    spanning = {
        index.name
        for name, table in metadata.tables.items()
        if name not in GLOBAL_TABLES
        for index in table.indexes
        if index.columns.keys()[0] != OWNER
    }
    assert spanning == QUEUES
    for name, table in metadata.tables.items():
        for constraint in table.constraints:
            if isinstance(constraint, UniqueConstraint) and name not in GLOBAL_TABLES:
                assert constraint.columns.keys()[0] == OWNER, constraint.name


def test_every_foreign_key_is_indexed_and_stays_in_its_municipality(metadata: MetaData) -> None:
    """A key without an index makes every deletion read the whole table."""
    for table in metadata.tables.values():
        for key in table.foreign_key_constraints:
            width = len(key.column_keys)
            assert any(set(one[:width]) == set(key.column_keys) for one in leading(table)), key.name
            if table.name not in GLOBAL_TABLES:
                assert key.column_keys[0] == OWNER, key.name


def test_every_constraint_has_a_name(metadata: MetaData) -> None:
    """Refusals are found by it."""
    for table in metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name, table.name


def test_what_is_sealed_digested_or_known_to_be_personal_is_marked(metadata: MetaData) -> None:
    """The mark says how sensitive a column is; exceptions are listed with their reason."""
    marked = {str(column) for column in columns(metadata) if "sensitivity" in column.info}
    named = {
        str(column)
        for column in columns(metadata)
        if column.name.endswith(("_sealed", "_digest"))
        or column.name.removesuffix("_sealed") in KNOWN_PERSONAL
    }
    assert named - marked == NOT_PERSONAL | NOT_A_RESIDENTS


def test_every_personal_column_says_how_long_it_is_kept(metadata: MetaData) -> None:
    """Class and retention, in words that a resident can be told."""
    for column in columns(metadata):
        if "sensitivity" in column.info:
            assert isinstance(column.info["sensitivity"], Sensitivity), column
            assert len(str(column.info["retention"])) > 5, column


def test_every_relationship_refuses_to_load_by_surprise() -> None:
    """A lazy load inside asyncio fails late; `raise` fails at once."""
    whole_metadata()
    configure_mappers()
    for mapper in Base.registry.mappers:
        for relationship in mapper.relationships:
            assert relationship.lazy == "raise", relationship
