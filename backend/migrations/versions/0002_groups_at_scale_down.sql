-- Back to the tables of the foundation.

ALTER TABLE resident_group NO FORCE ROW LEVEL SECURITY;
ALTER TABLE evaluation NO FORCE ROW LEVEL SECURITY;
ALTER TABLE staff_member NO FORCE ROW LEVEL SECURITY;
UPDATE staff_member SET roles = array_remove(roles, 'operator');
ALTER TABLE staff_member
  DROP CONSTRAINT ck_staff_member_roles,
  ADD CONSTRAINT ck_staff_member_roles CHECK (roles <@ ARRAY['communicator', 'approver', 'official', 'registrar', 'administrator']::text[]);
UPDATE resident_group SET state = 'live' WHERE state IN ('held', 'invalid');
ALTER TABLE resident_group
  DROP CONSTRAINT ck_resident_group_state,
  ADD CONSTRAINT ck_resident_group_state CHECK (state IN ('live', 'archived')),
  DROP COLUMN purpose, DROP COLUMN scope, DROP COLUMN number, DROP COLUMN state_since, DROP COLUMN state_reason;
ALTER TABLE resident_group RENAME description TO purpose;
UPDATE evaluation SET cause = 'requested' WHERE cause IN ('calendar', 'archived', 'released', 'erased');
DROP INDEX ix_evaluation_municipality_id_finished_at;
ALTER TABLE evaluation
  DROP COLUMN joined_slots, DROP COLUMN left_slots, DROP COLUMN counts_shown,
  DROP CONSTRAINT ck_evaluation_cause,
  ADD CONSTRAINT ck_evaluation_cause CHECK (cause IN ('created', 'edited', 'import', 'requested'));
ALTER TABLE household DROP COLUMN number;
DROP INDEX ix_resident_fact_closed;
ALTER TABLE resident_fact DROP COLUMN slot, DROP COLUMN residence, DROP COLUMN declared_since, DROP COLUMN reach;
ALTER TABLE resident_group FORCE ROW LEVEL SECURITY;
ALTER TABLE evaluation FORCE ROW LEVEL SECURITY;
ALTER TABLE staff_member FORCE ROW LEVEL SECURITY;

CREATE TABLE audience (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  group_id UUID NOT NULL,
  evaluation_id UUID NOT NULL,
  rule_version INTEGER NOT NULL,
  as_of DATE NOT NULL,
  frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  size INTEGER NOT NULL,
  members UUID[] NOT NULL,
  CONSTRAINT pk_audience PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_audience_municipality_id_group_id_evaluation_id FOREIGN KEY(municipality_id, group_id, evaluation_id) REFERENCES evaluation (municipality_id, group_id, id),
  CONSTRAINT ck_audience_size CHECK (size = cardinality(members))
);

CREATE INDEX ix_audience_municipality_id_group_id_evaluation_id ON audience (municipality_id, group_id, evaluation_id);

CREATE TABLE membership (
  municipality_id INTEGER NOT NULL,
  resident_id UUID NOT NULL,
  group_id UUID NOT NULL,
  evaluation_id UUID NOT NULL,
  since TIMESTAMP WITH TIME ZONE NOT NULL,
  since_version INTEGER NOT NULL,
  until TIMESTAMP WITH TIME ZONE,
  ended_by_evaluation_id UUID,
  CONSTRAINT pk_membership PRIMARY KEY (municipality_id, resident_id, group_id, evaluation_id),
  CONSTRAINT fk_membership_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT fk_membership_municipality_id_group_id_evaluation_id FOREIGN KEY(municipality_id, group_id, evaluation_id) REFERENCES evaluation (municipality_id, group_id, id),
  CONSTRAINT fk_membership_municipality_id_group_id_ended_by_evaluation_id FOREIGN KEY(municipality_id, group_id, ended_by_evaluation_id) REFERENCES evaluation (municipality_id, group_id, id),
  CONSTRAINT ck_membership_ended CHECK (ended_by_evaluation_id IS NULL OR until IS NOT NULL)
);

CREATE INDEX ix_membership_municipality_id_group_id_ended_by_evaluation_id ON membership (municipality_id, group_id, ended_by_evaluation_id) WHERE ended_by_evaluation_id IS NOT NULL;
CREATE INDEX ix_membership_municipality_id_group_id_evaluation_id ON membership (municipality_id, group_id, evaluation_id);
CREATE UNIQUE INDEX uq_membership_open ON membership (municipality_id, group_id, resident_id) WHERE until IS NULL;

