-- Slots, wider facts, the fact outbox; memberships as bitmaps. Run statement by statement.

ALTER TABLE resident_fact NO FORCE ROW LEVEL SECURITY;
ALTER TABLE household NO FORCE ROW LEVEL SECURITY;
ALTER TABLE resident_group NO FORCE ROW LEVEL SECURITY;
ALTER TABLE evaluation NO FORCE ROW LEVEL SECURITY;

ALTER TABLE resident_fact
  ADD slot INTEGER,
  ADD residence VARCHAR(8) NOT NULL DEFAULT 'declared',
  ADD declared_since DATE,
  ADD reach SMALLINT NOT NULL DEFAULT 0,
  ADD CONSTRAINT ck_resident_fact_residence CHECK (residence IN ('declared', 'linked'));
ALTER TABLE resident_fact ALTER residence DROP DEFAULT, ALTER reach DROP DEFAULT;
UPDATE resident_fact SET slot = numbered.slot FROM (
  SELECT municipality_id, resident_id,
    row_number() OVER (PARTITION BY municipality_id ORDER BY resident_id) - 1 AS slot
  FROM resident_fact) AS numbered
  WHERE resident_fact.municipality_id = numbered.municipality_id
    AND resident_fact.resident_id = numbered.resident_id;
ALTER TABLE resident_fact ALTER slot SET NOT NULL;
ALTER TABLE contact_point NO FORCE ROW LEVEL SECURITY;
ALTER TABLE device NO FORCE ROW LEVEL SECURITY;
ALTER TABLE web_push_subscription NO FORCE ROW LEVEL SECURITY;
UPDATE resident_fact SET reach = found.bits FROM (
  SELECT municipality_id, resident_id, bit_or(bit)::smallint AS bits FROM (
    SELECT municipality_id, resident_id, CASE kind WHEN 'email' THEN 4 ELSE 8 END AS bit
      FROM contact_point WHERE closed_at IS NULL AND suppressed_at IS NULL
    UNION ALL SELECT municipality_id, resident_id, 1 FROM device WHERE removed_at IS NULL
    UNION ALL SELECT municipality_id, resident_id, 2
      FROM web_push_subscription WHERE removed_at IS NULL) AS ways
  GROUP BY municipality_id, resident_id) AS found
  WHERE resident_fact.municipality_id = found.municipality_id
    AND resident_fact.resident_id = found.resident_id;
ALTER TABLE contact_point FORCE ROW LEVEL SECURITY;
ALTER TABLE device FORCE ROW LEVEL SECURITY;
ALTER TABLE web_push_subscription FORCE ROW LEVEL SECURITY;
ALTER TABLE resident_fact ADD CONSTRAINT uq_resident_fact_municipality_id_slot UNIQUE (municipality_id, slot);
CREATE INDEX ix_resident_fact_closed ON resident_fact (municipality_id, slot) WHERE closed_on IS NOT NULL;

ALTER TABLE household ADD number INTEGER;
UPDATE household SET number = numbered.number FROM (
  SELECT municipality_id, id,
    row_number() OVER (PARTITION BY municipality_id ORDER BY id) - 1 AS number
  FROM household) AS numbered
  WHERE household.municipality_id = numbered.municipality_id AND household.id = numbered.id;
ALTER TABLE household ALTER number SET NOT NULL;

CREATE TABLE slot_counter (
  municipality_id INTEGER NOT NULL,
  next_slot INTEGER NOT NULL,
  next_household INTEGER NOT NULL,
  CONSTRAINT pk_slot_counter PRIMARY KEY (municipality_id)
);
INSERT INTO slot_counter
  SELECT municipality_id, max(slot) + 1, coalesce((SELECT max(number) + 1 FROM household
    WHERE household.municipality_id = resident_fact.municipality_id), 0)
  FROM resident_fact GROUP BY municipality_id;

CREATE TABLE vehicle (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  ref VARCHAR NOT NULL,
  resident_id UUID NOT NULL,
  kind VARCHAR(16) NOT NULL,
  fuel VARCHAR(16),
  fingerprint BYTEA NOT NULL,
  closed_on DATE,
  CONSTRAINT pk_vehicle PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_vehicle_municipality_id_ref UNIQUE (municipality_id, ref),
  CONSTRAINT fk_vehicle_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id)
);
CREATE INDEX ix_vehicle_municipality_id_resident_id ON vehicle (municipality_id, resident_id);

CREATE TABLE former_address (
  municipality_id INTEGER NOT NULL,
  resident_id UUID NOT NULL,
  address_id UUID NOT NULL,
  since DATE NOT NULL,
  until DATE NOT NULL,
  fingerprint BYTEA NOT NULL,
  closed_on DATE,
  CONSTRAINT pk_former_address PRIMARY KEY (municipality_id, resident_id, address_id, since),
  CONSTRAINT fk_former_address_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT fk_former_address_municipality_id_address_id FOREIGN KEY(municipality_id, address_id) REFERENCES address (municipality_id, id)
);
CREATE INDEX ix_former_address_municipality_id_address_id ON former_address (municipality_id, address_id);

CREATE TABLE registry_value (
  municipality_id INTEGER NOT NULL,
  attribute VARCHAR(24) NOT NULL,
  value VARCHAR NOT NULL,
  first_seen_on DATE NOT NULL,
  withdrawn_on DATE,
  CONSTRAINT pk_registry_value PRIMARY KEY (municipality_id, attribute, value)
);

CREATE TABLE fact_change (
  municipality_id INTEGER NOT NULL,
  id BIGINT GENERATED ALWAYS AS IDENTITY,
  kind VARCHAR(12) NOT NULL,
  slots INTEGER[],
  group_id UUID,
  noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_fact_change PRIMARY KEY (municipality_id, id),
  CONSTRAINT ck_fact_change_kind CHECK (
    (kind = 'residents' AND slots IS NOT NULL AND group_id IS NULL)
    OR (kind = 'group' AND group_id IS NOT NULL AND slots IS NULL)
    OR (kind = 'everybody' AND group_id IS NULL AND slots IS NULL))
);

CREATE TABLE engine_state (
  municipality_id INTEGER NOT NULL,
  version BIGINT NOT NULL,
  as_of DATE NOT NULL,
  evaluated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_engine_state PRIMARY KEY (municipality_id)
);

ALTER TABLE resident_group RENAME purpose TO description;
ALTER TABLE resident_group
  ADD purpose VARCHAR(24) NOT NULL DEFAULT 'services',
  ADD scope VARCHAR(8) NOT NULL DEFAULT 'declared',
  ADD number INTEGER GENERATED ALWAYS AS IDENTITY,
  ADD state_since TIMESTAMP WITH TIME ZONE,
  ADD state_reason JSONB,
  ADD CONSTRAINT ck_resident_group_scope CHECK (scope IN ('declared', 'linked')),
  ADD CONSTRAINT uq_resident_group_municipality_id_number UNIQUE (municipality_id, number),
  DROP CONSTRAINT ck_resident_group_state,
  ADD CONSTRAINT ck_resident_group_state CHECK (state IN ('live', 'held', 'invalid', 'archived'));
UPDATE resident_group SET state_since = created_at;
ALTER TABLE resident_group ALTER state_since SET NOT NULL, ALTER purpose DROP DEFAULT, ALTER scope DROP DEFAULT;

DROP TABLE membership;
DROP TABLE audience;

ALTER TABLE evaluation
  ADD joined_slots BYTEA,
  ADD left_slots BYTEA,
  ADD counts_shown BOOLEAN NOT NULL DEFAULT true,
  DROP CONSTRAINT ck_evaluation_cause,
  ADD CONSTRAINT ck_evaluation_cause CHECK (cause IN ('created', 'edited', 'import', 'requested', 'calendar', 'archived', 'released', 'erased'));
ALTER TABLE evaluation ALTER counts_shown DROP DEFAULT;
CREATE INDEX ix_evaluation_municipality_id_finished_at ON evaluation (municipality_id, finished_at);

CREATE TABLE membership (
  municipality_id INTEGER NOT NULL,
  group_id UUID NOT NULL,
  slots BYTEA NOT NULL,
  size INTEGER NOT NULL,
  size_shown BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  evaluation_id UUID NOT NULL,
  CONSTRAINT pk_membership PRIMARY KEY (municipality_id, group_id),
  CONSTRAINT fk_membership_municipality_id_group_id_evaluation_id FOREIGN KEY(municipality_id, group_id, evaluation_id) REFERENCES evaluation (municipality_id, group_id, id)
);
CREATE INDEX ix_membership_municipality_id_group_id_evaluation_id ON membership (municipality_id, group_id, evaluation_id);

CREATE TABLE resident_groups (
  municipality_id INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  numbers INTEGER[] NOT NULL,
  since TIMESTAMP WITH TIME ZONE[] NOT NULL,
  CONSTRAINT pk_resident_groups PRIMARY KEY (municipality_id, slot),
  CONSTRAINT ck_resident_groups_pairs CHECK (cardinality(numbers) = cardinality(since))
);

CREATE TABLE group_hold (
  municipality_id INTEGER NOT NULL,
  group_id UUID NOT NULL,
  rule_version INTEGER NOT NULL,
  cause VARCHAR(16) NOT NULL,
  as_of DATE NOT NULL,
  held_at TIMESTAMP WITH TIME ZONE NOT NULL,
  proposed_slots BYTEA NOT NULL,
  joined INTEGER NOT NULL,
  "left" INTEGER NOT NULL,
  CONSTRAINT pk_group_hold PRIMARY KEY (municipality_id, group_id),
  CONSTRAINT fk_group_hold_municipality_id_group_id FOREIGN KEY(municipality_id, group_id) REFERENCES resident_group (municipality_id, id)
);

CREATE TABLE audience (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  slots BYTEA NOT NULL,
  name VARCHAR,
  size INTEGER NOT NULL,
  size_shown BOOLEAN NOT NULL,
  as_of DATE NOT NULL,
  frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  sources JSONB NOT NULL,
  evaluated_by VARCHAR(8),
  sensitivity VARCHAR(8) NOT NULL,
  by_place_alone BOOLEAN NOT NULL,
  created_by UUID,
  CONSTRAINT pk_audience PRIMARY KEY (municipality_id, id),
  CONSTRAINT ck_audience_evaluated_by CHECK (evaluated_by IN ('engine', 'sql')),
  CONSTRAINT ck_audience_sensitivity CHECK (sensitivity IN ('public', 'personal', 'special'))
);

CREATE TABLE audience_recipient (
  municipality_id INTEGER NOT NULL,
  audience_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  resident_id UUID NOT NULL,
  CONSTRAINT pk_audience_recipient PRIMARY KEY (municipality_id, audience_id, ordinal)
);

CREATE TABLE preview_set (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  staff_id UUID NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  as_of DATE NOT NULL,
  size INTEGER NOT NULL,
  slots BYTEA NOT NULL,
  CONSTRAINT pk_preview_set PRIMARY KEY (municipality_id, id)
);
ALTER TABLE preview_set ALTER slots SET STORAGE EXTERNAL;
CREATE INDEX ix_preview_set_municipality_id_staff_id_size ON preview_set (municipality_id, staff_id, size);

CREATE TABLE member_disclosure (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  group_id UUID NOT NULL,
  staff_id UUID NOT NULL,
  disclosed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  staff_role VARCHAR(16) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  reason VARCHAR NOT NULL,
  slots BYTEA NOT NULL,
  CONSTRAINT pk_member_disclosure PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_member_disclosure_municipality_id_group_id FOREIGN KEY(municipality_id, group_id) REFERENCES resident_group (municipality_id, id),
  CONSTRAINT ck_member_disclosure_kind CHECK (kind IN ('list', 'export'))
);
CREATE INDEX ix_member_disclosure_municipality_id_group_id ON member_disclosure (municipality_id, group_id);

ALTER TABLE staff_member
  DROP CONSTRAINT ck_staff_member_roles,
  ADD CONSTRAINT ck_staff_member_roles CHECK (roles <@ ARRAY['communicator', 'approver', 'official', 'registrar', 'administrator', 'operator']::text[]);

ALTER TABLE resident_fact FORCE ROW LEVEL SECURITY;
ALTER TABLE household FORCE ROW LEVEL SECURITY;
ALTER TABLE resident_group FORCE ROW LEVEL SECURITY;
ALTER TABLE evaluation FORCE ROW LEVEL SECURITY;
