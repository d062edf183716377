"""Whose rows a transaction may see: municipalities, kept apart by row-level security."""

from collections.abc import Collection
from typing import NewType

MunicipalityId = NewType("MunicipalityId", int)
"""The tenant key: the digits of the municipality's territory code (LV0044000 -> 44000)."""

Tenants = Collection[MunicipalityId]
"""The municipalities one transaction serves; usually exactly one."""

TENANTS_SETTING = "novads.tenants"
"""Transaction-local PostgreSQL setting that the row-level policies read."""

APP_ROLE = "novads_app"
"""Group role of the application; it owns nothing and cannot bypass row-level security."""


def municipality_id(code: str) -> MunicipalityId:
    """Turn a territory code such as LV0044000 into the tenant key.

    Raises:
        ValueError: not two letters and seven digits.
    """
    if len(code) != 9 or code[:2] != "LV" or not (code[2:].isascii() and code[2:].isdigit()):
        raise ValueError(f"not a territory code: {code!r}")
    return MunicipalityId(int(code[2:]))


def municipality_code(municipality: MunicipalityId) -> str:
    """Turn the tenant key back into the territory code."""
    return f"LV{municipality:07d}"


def tenants_value(tenants: Tenants) -> str:
    """Write tenants as the value of the setting: comma-separated integers."""
    return ",".join(str(int(tenant)) for tenant in sorted(tenants))


ADMITS = "municipality_id = ANY ((SELECT novads_tenants())::integer[])"
"""Condition of the row-level policies."""


def protect(table: str) -> tuple[str, ...]:
    """List the statements that put a tenant-owned table under row-level security.

    The tenants stand in a subquery, which PostgreSQL makes out once a statement; called as such, the
    function is made out again for every look-up in an index.
    """
    return (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} USING ({ADMITS})",
    )


TENANTS_FUNCTION = f"""
CREATE OR REPLACE FUNCTION novads_tenants() RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE
RETURN string_to_array(nullif(current_setting('{TENANTS_SETTING}', true), ''), ',')::integer[]
"""
"""SQL function the policies call; without the setting it is null, and null admits no row."""
