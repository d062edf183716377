"""Check what the registry's rows refer to once a statement, and drop indexes that only served that."""

from collections.abc import Iterator, Mapping, Sequence

from alembic import op

from backend.kernel.integrity import FUNCTIONS

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

REFERENCES: Mapping[str, Mapping[str, str]] = {
    "attendance": {"resident_id": "resident", "institution_id": "institution"},
    "contact_point": {"resident_id": "resident"},
    "former_address": {"resident_id": "resident", "address_id": "address"},
    "guardianship": {"guardian_id": "resident", "child_id": "resident"},
    "household": {"address_id": "address"},
    "institution": {"address_id": "address"},
    "pet": {"resident_id": "resident"},
    "property": {"resident_id": "resident", "address_id": "address"},
    "resident_code": {"resident_id": "resident"},
    "resident_fact": {
        "resident_id": "resident",
        "address_id": "address",
        "household_id": "household",
    },
    "vehicle": {"resident_id": "resident"},
}
"""Parent by column, by table."""


def upgrade() -> None:
    """Put triggers in the place of the foreign keys."""
    for function in FUNCTIONS:
        op.execute(function)
    for table, parents in REFERENCES.items():
        for column in parents:
            op.drop_constraint(_key(table, column), table)
        of_table = _arguments(part for reference in parents.items() for part in reference)
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER references_at_{event.lower()} AFTER {event} ON {table}"
                " REFERENCING NEW TABLE AS written FOR EACH STATEMENT"
                f" EXECUTE FUNCTION novads_check_references({of_table})"
            )
    for parent, children in _referring().items():
        of_parent = _arguments(part for child in children for part in child)
        op.execute(
            f"CREATE TRIGGER referenced_at_delete AFTER DELETE ON {parent}"
            " REFERENCING OLD TABLE AS deleted FOR EACH STATEMENT"
            f" EXECUTE FUNCTION novads_check_referenced({of_parent})"
        )


def downgrade() -> None:
    """Put the foreign keys back; they check every row that is there."""
    for parent in _referring():
        op.execute(f"DROP TRIGGER referenced_at_delete ON {parent}")
    for table, parents in REFERENCES.items():
        for event in ("insert", "update"):
            op.execute(f"DROP TRIGGER references_at_{event} ON {table}")
        for column, parent in parents.items():
            columns = ["municipality_id", column]
            op.create_foreign_key(_key(table, column), table, parent, columns, KEY)
    op.execute("DROP FUNCTION novads_check_references(), novads_check_referenced()")


KEY = ["municipality_id", "id"]


def _key(table: str, column: str) -> str:
    return f"fk_{table}_municipality_id_{column}"


def _referring() -> dict[str, list[tuple[str, str]]]:
    """Give the tables and columns that name rows of each parent."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, parents in REFERENCES.items():
        for column, parent in parents.items():
            found.setdefault(parent, []).append((table, column))
    return found


def _arguments(parts: Iterator[str]) -> str:
    return ", ".join(f"'{part}'" for part in parts)
