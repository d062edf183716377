"""A synthetic nation in the registry's tables: 42 municipalities, made set by set out of a seed.

Everything is computed from a resident's number by hashes, so that the same seed gives the same
rows. Nine residents in a row make four households: one alone, two couples (of one in five the
second is a child), and parents with two children.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg

from backend.kernel.tenancy import MunicipalityId
from backend.kernel.territories.register import register

LARGEST_SHARE = 0.32
"""Of the capital; the others share the rest, each a twentieth less than the one before."""
SHRINKING = 0.95


@dataclass(frozen=True, slots=True)
class Town:
    """One municipality of the nation; `east` and `north` are its middle in LKS-92 metres."""

    municipality: MunicipalityId
    residents: int
    east: int
    north: int

    @property
    def parishes(self) -> int:
        """How many parishes it has."""
        return 4 + self.residents // 8_000

    @property
    def streets(self) -> int:
        """How many streets it has."""
        return 20 + self.residents // 250

    @property
    def institutions(self) -> int:
        """How many preschools and schools it has, in turn."""
        return 4 + self.residents // 900


def towns(residents: int, day: date) -> list[Town]:
    """Share residents out to the municipalities in force on a day."""
    keys = [each.id for each in register().values() if each.in_force_on(day)]
    weights = [SHRINKING**place for place in range(len(keys) - 1)]
    rest = residents - round(residents * LARGEST_SHARE)
    sizes = [round(residents * LARGEST_SHARE)]
    sizes += [round(rest * weight / sum(weights)) for weight in weights]
    sizes[-1] += residents - sum(sizes)
    return [
        Town(key, size, 330_000 + 40_000 * (place % 8), 180_000 + 40_000 * (place // 8))
        for place, (key, size) in enumerate(zip(sorted(keys), sizes, strict=True))
    ]


async def settle(
    admin_url: str, nation: Sequence[Town], seed: int, day: date, names: tuple[bytes, bytes]
) -> None:
    """Write everybody, all under the same sealed names; as the superuser, who alone may leave
    references unchecked.
    """
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("SET synchronous_commit = off")
        for function in FUNCTIONS:
            await connection.execute(function)
        for town in nation:
            for statement in PEOPLE.split(";\n"):
                if statement.strip():
                    filled = _filled(statement, town, seed, day)
                    await connection.execute(_named(filled, names))
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _filled(statement: str, town: Town, seed: int, day: date) -> str:
    """Put figures, and nothing but figures, into a statement."""
    figures = {
        "@m": int(town.municipality),
        "@n": town.residents,
        "@seed": seed,
        "@parishes": town.parishes,
        "@streets": town.streets,
        "@institutions": town.institutions,
        "@east": town.east,
        "@north": town.north,
    }
    for name in sorted(figures, key=len, reverse=True):
        statement = statement.replace(name, str(figures[name]))
    return statement.replace("@day", f"date '{day.isoformat()}'")


def _named(statement: str, names: tuple[bytes, bytes]) -> str:
    given, family = (f"'\\x{name.hex()}'::bytea" for name in names)
    return statement.replace("#given", given).replace("#family", family)


FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION pg_temp.id(kind int, m int, n bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  ('7' || lpad(to_hex(kind), 3, '0') || lpad(to_hex(m), 8, '0') || lpad(to_hex(n), 20, '0'))::uuid
""",
    """
CREATE OR REPLACE FUNCTION pg_temp.r(n bigint, salt bigint) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
  (hashint8extended(n, salt) & 1048575) / 1048576.0::float8
""",
)

PEOPLE = """
CREATE TEMP TABLE person AS
SELECT i, @m * 10000000::bigint + i AS k, i / 9 * 4 + (ARRAY[0,1,1,2,2,3,3,3,3])[i % 9 + 1] AS h,
  i % 9 IN (7, 8) OR (i % 9 = 4 AND pg_temp.r(@m * 10000000::bigint + i / 9, @seed + 1) < 0.2) AS child
FROM generate_series(0, @n - 1) AS i;
CREATE TEMP TABLE home AS
SELECT DISTINCT h, @m * 10000000::bigint + h AS k FROM person;
INSERT INTO address (municipality_id, id, ref, parish, town, street, house, flat, postcode, easting, northing, fingerprint)
SELECT @m, pg_temp.id(1, @m, h), 'A' || h, 'Pagasts ' || floor(pg_temp.r(k, @seed + 2) ^ 2 * @parishes) || ' no @m',
  CASE WHEN pg_temp.r(k, @seed + 3) < 0.7 THEN 'Ciems ' || floor(pg_temp.r(k, @seed + 4) * 6) || ' no @m' END,
  CASE WHEN pg_temp.r(k, @seed + 5) < 0.9 THEN 'Iela ' || floor(pg_temp.r(k, @seed + 6) * @streets) END,
  1 + floor(pg_temp.r(k, @seed + 7) * 120) || CASE WHEN pg_temp.r(k, @seed + 8) < 0.1 THEN 'A' ELSE '' END,
  CASE WHEN pg_temp.r(k, @seed + 9) < 0.5 THEN (1 + floor(pg_temp.r(k, @seed + 10) * 60))::text END,
  'LV-' || 1000 + (@m / 1000 * 7 + floor(pg_temp.r(k, @seed + 11) * 20)::int) % 4800,
  CASE WHEN pg_temp.r(k, @seed + 12) < 0.98 THEN round((@east + (pg_temp.r(k, @seed + 13) - 0.5) * 24000)::numeric, 2) END,
  CASE WHEN pg_temp.r(k, @seed + 12) < 0.98 THEN round((@north + (pg_temp.r(k, @seed + 14) - 0.5) * 24000)::numeric, 2) END,
  ''
FROM home;
INSERT INTO household (municipality_id, id, ref, number, address_id, fingerprint)
SELECT @m, pg_temp.id(2, @m, h), 'H' || h, h, pg_temp.id(1, @m, h), '' FROM home;
INSERT INTO institution (municipality_id, id, ref, kind, name, fingerprint)
SELECT @m, pg_temp.id(3, @m, i), 'I' || i, (ARRAY['preschool','school','interest_school','social_care'])[i % 4 + 1],
  'Iestāde ' || i || ' no @m', '' FROM generate_series(0, @institutions - 1) AS i;
INSERT INTO resident (municipality_id, id, given_name_sealed, family_name_sealed, language, language_source, registered_at, fingerprint)
SELECT @m, pg_temp.id(4, @m, i), #given, #family, 'lv', 'registry', @day::timestamptz, '' FROM person;
INSERT INTO resident_fact (municipality_id, resident_id, slot, residence, birth_on, sex, citizenship, language,
  address_id, household_id, interests, social_statuses, declared_since, reach, fingerprint)
SELECT @m, pg_temp.id(4, @m, i), i, CASE WHEN pg_temp.r(k, @seed + 20) < 0.97 THEN 'declared' ELSE 'linked' END,
  CASE WHEN pg_temp.r(k, @seed + 21) < 0.98 THEN @day - CASE WHEN child
    THEN floor(pg_temp.r(k, @seed + 22) * 6570)::int
    ELSE (6570 + floor(pg_temp.r(k, @seed + 22) ^ 0.8 * 27000))::int END END,
  CASE WHEN pg_temp.r(k, @seed + 23) < 0.97 THEN (ARRAY['female','male'])[1 + (pg_temp.r(k, @seed + 24) < 0.46)::int] END,
  (ARRAY['LV','LV','LV','LV','LV','LV','LV','LV','UA','LT','EE', NULL])[1 + floor(pg_temp.r(k, @seed + 25) * 12)::int],
  (ARRAY['lv','lv','lv','ru','ru','en', NULL])[1 + floor(pg_temp.r(k, @seed + 26) * 7)::int],
  CASE WHEN pg_temp.r(k, @seed + 27) < 0.99 THEN pg_temp.id(1, @m, h) END, pg_temp.id(2, @m, h),
  CASE WHEN pg_temp.r(k, @seed + 28) < 0.4 THEN ARRAY['interest_' || floor(pg_temp.r(k, @seed + 29) * 12), 'interest_' || 12 + floor(pg_temp.r(k, @seed + 30) * 12)] ELSE '{}' END,
  CASE WHEN pg_temp.r(k, @seed + 31) < 0.08 THEN ARRAY['status_' || floor(pg_temp.r(k, @seed + 32) * 6)] ELSE '{}' END,
  CASE WHEN pg_temp.r(k, @seed + 33) < 0.95 THEN @day - floor(pg_temp.r(k, @seed + 34) * 12000)::int END,
  floor(pg_temp.r(k, @seed + 35) * 16)::int, ''
FROM person;
INSERT INTO slot_counter VALUES (@m, @n, (SELECT max(h) + 1 FROM home));
INSERT INTO guardianship (municipality_id, guardian_id, child_id, fingerprint)
SELECT @m, pg_temp.id(4, @m, guardian), pg_temp.id(4, @m, i), ''
FROM person, LATERAL (SELECT i - i % 9 + 5 AS guardian WHERE i % 9 > 6
  UNION ALL SELECT i - i % 9 + 6 WHERE i % 9 > 6 UNION ALL SELECT i - 1 WHERE i % 9 = 4) AS guardians
WHERE child;
INSERT INTO attendance (municipality_id, resident_id, institution_id, fingerprint)
SELECT @m, pg_temp.id(4, @m, i),
  pg_temp.id(3, @m, (floor(pg_temp.r(k, @seed + 40) * @institutions)::int / 4 * 4 + (pg_temp.r(k, @seed + 22) > 0.37)::int) % @institutions), ''
FROM person WHERE child AND pg_temp.r(k, @seed + 41) < 0.9;
INSERT INTO property (municipality_id, id, ref, resident_id, kind, address_id, fingerprint)
SELECT @m, pg_temp.id(5, @m, i), 'P' || i, pg_temp.id(4, @m, i),
  (ARRAY['flat','flat','building','land'])[1 + floor(pg_temp.r(k, @seed + 42) * 4)::int],
  pg_temp.id(1, @m, CASE WHEN pg_temp.r(k, @seed + 43) < 0.7 THEN h ELSE floor(pg_temp.r(k, @seed + 44) * h)::int END), ''
FROM person WHERE NOT child AND pg_temp.r(k, @seed + 45) < 0.45;
INSERT INTO vehicle (municipality_id, id, ref, resident_id, kind, fuel, fingerprint)
SELECT @m, pg_temp.id(6, @m, i), 'V' || i, pg_temp.id(4, @m, i),
  (ARRAY['car','car','car','motorcycle','truck','trailer'])[1 + floor(pg_temp.r(k, @seed + 46) * 6)::int],
  (ARRAY['petrol','diesel','diesel','electric','hybrid', NULL])[1 + floor(pg_temp.r(k, @seed + 47) * 6)::int], ''
FROM person WHERE NOT child AND pg_temp.r(k, @seed + 48) < 0.4;
INSERT INTO pet (municipality_id, id, ref, resident_id, species, fingerprint)
SELECT @m, pg_temp.id(7, @m, i), 'D' || i, pg_temp.id(4, @m, i),
  (ARRAY['dog','dog','cat','ferret'])[1 + floor(pg_temp.r(k, @seed + 49) * 4)::int], ''
FROM person WHERE NOT child AND pg_temp.r(k, @seed + 50) < 0.2;
INSERT INTO former_address (municipality_id, resident_id, address_id, since, until, fingerprint)
SELECT @m, pg_temp.id(4, @m, i), pg_temp.id(1, @m, floor(pg_temp.r(k, @seed + 51) * h)::int),
  @day - 6000, @day - floor(pg_temp.r(k, @seed + 52) * 5000)::int, ''
FROM person WHERE NOT child AND pg_temp.r(k, @seed + 53) < 0.15;
DROP TABLE person;
DROP TABLE home
"""
