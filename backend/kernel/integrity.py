"""References that PostgreSQL checks once a statement, for tables filled by the hundred thousand rows.

A foreign key looks up and locks its parent row by row: a third of PostgreSQL's time of an import.
Here triggers look at all rows of a statement together, and refuse them with the same SQLSTATE, 23503.
Parents are not locked: who writes children shares an advisory lock (7305, municipality) until commit,
and who deletes parents takes it alone. The column `id` of a parent is taken to never change.
"""

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.sql.schema import SchemaItem

MARK = {"checked": "by statement"}
"""Marks such a reference in the models: SQLAlchemy orders by it, the schema has no foreign key."""

FUNCTIONS = (
    """
CREATE FUNCTION novads_check_references() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE tenant integer; named uuid[]; found bigint;
BEGIN
  FOR tenant IN SELECT DISTINCT municipality_id FROM written LOOP
    PERFORM pg_advisory_xact_lock_shared(7305, tenant);
    FOR at IN 0 .. TG_NARGS - 1 BY 2 LOOP
      EXECUTE format('SELECT array_agg(DISTINCT %1$I) FILTER (WHERE %1$I IS NOT NULL) FROM written'
        ' WHERE municipality_id = $1', TG_ARGV[at]) INTO named USING tenant;
      CONTINUE WHEN named IS NULL;
      EXECUTE format('SELECT count(*) FROM %I.%I WHERE municipality_id = $1 AND id = ANY ($2)',
        TG_TABLE_SCHEMA, TG_ARGV[at + 1]) INTO found USING tenant, named;
      IF found < cardinality(named) THEN
        RAISE foreign_key_violation USING TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[at],
          MESSAGE = format('%s.%s names no %s', TG_TABLE_NAME, TG_ARGV[at], TG_ARGV[at + 1]);
      END IF;
    END LOOP;
  END LOOP;
  RETURN NULL;
END $$
""",
    """
CREATE FUNCTION novads_check_referenced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE tenant integer; gone uuid[]; is_named boolean;
BEGIN
  FOR tenant, gone IN SELECT municipality_id, array_agg(id) FROM deleted GROUP BY 1 LOOP
    PERFORM pg_advisory_xact_lock(7305, tenant);
    FOR at IN 0 .. TG_NARGS - 1 BY 2 LOOP
      EXECUTE format('SELECT EXISTS (SELECT FROM %I.%I WHERE municipality_id = $1 AND %I = ANY ($2))',
        TG_TABLE_SCHEMA, TG_ARGV[at], TG_ARGV[at + 1]) INTO is_named USING tenant, gone;
      IF is_named THEN
        RAISE foreign_key_violation USING TABLE = TG_TABLE_NAME,
          MESSAGE = format('%s is still named by %s.%s', TG_TABLE_NAME, TG_ARGV[at], TG_ARGV[at + 1]);
      END IF;
    END LOOP;
  END LOOP;
  RETURN NULL;
END $$
""",
)
"""Trigger functions of both sides; their arguments are columns with parents, children with columns."""


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """Declare the reference of a column to a row of the same municipality."""
    return ForeignKeyConstraint(
        ["municipality_id", column], [f"{table}.municipality_id", f"{table}.id"], info=MARK
    )


def is_of_the_schema(item: SchemaItem, *_others: object) -> bool:
    """Tell Alembic what of the models the schema has: all but these references."""
    return item.info != MARK
