-- The tables of the first release. Statements end with a semicolon at the end of a line.

CREATE TABLE address (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  ref VARCHAR NOT NULL,
  parish VARCHAR NOT NULL,
  town VARCHAR,
  street VARCHAR,
  house VARCHAR,
  flat VARCHAR,
  postcode VARCHAR(7),
  easting DOUBLE PRECISION,
  northing DOUBLE PRECISION,
  fingerprint BYTEA NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_address PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_address_municipality_id_ref UNIQUE (municipality_id, ref),
  CONSTRAINT ck_address_both_coordinates CHECK ((easting IS NULL) = (northing IS NULL))
);

CREATE INDEX ix_address_municipality_id_parish ON address (municipality_id, parish);

CREATE TABLE audit_entry (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  particulars JSONB NOT NULL,
  CONSTRAINT pk_audit_entry PRIMARY KEY (municipality_id, id)
);

COMMENT ON COLUMN audit_entry.actor IS 'principal kind and id, or a job''s name';

COMMENT ON COLUMN audit_entry.particulars IS 'ids and figures only';

CREATE INDEX ix_audit_entry_municipality_id_object_kind_object_id ON audit_entry (municipality_id, object_kind, object_id);

CREATE TABLE campaign (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  message_class TEXT NOT NULL,
  severity TEXT,
  topic TEXT NOT NULL,
  channels TEXT[] NOT NULL,
  texts JSONB NOT NULL,
  transliterate_sms BOOLEAN NOT NULL,
  group_id UUID NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  writers UUID[] NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  audience_id UUID,
  dispatch_id UUID,
  CONSTRAINT pk_campaign PRIMARY KEY (municipality_id, id),
  CONSTRAINT ck_campaign_severity CHECK ((message_class = 'alert') = (severity IS NOT NULL))
);

COMMENT ON COLUMN campaign.writers IS 'staff who wrote or edited it';

CREATE INDEX ix_campaign_municipality_id_dispatch_id ON campaign (municipality_id, dispatch_id);

CREATE TABLE dispatch (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  deduplication_key TEXT NOT NULL,
  message_class TEXT NOT NULL,
  severity TEXT,
  topic TEXT NOT NULL,
  channels TEXT[] NOT NULL,
  texts JSONB NOT NULL,
  link TEXT NOT NULL,
  transliterate_sms BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  recipients INTEGER NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  cancelled_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_dispatch PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_dispatch_municipality_id_deduplication_key UNIQUE (municipality_id, deduplication_key),
  CONSTRAINT ck_dispatch_recipients CHECK (recipients >= 0)
);

CREATE TABLE idempotency_key (
  municipality_id INTEGER NOT NULL,
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  request_digest BYTEA NOT NULL,
  status INTEGER NOT NULL,
  answer_sealed BYTEA NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_idempotency_key PRIMARY KEY (municipality_id, scope, key)
);

CREATE TABLE login_session (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  subject_id UUID NOT NULL,
  roles TEXT[] NOT NULL,
  secret_digest BYTEA NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_login_session PRIMARY KEY (municipality_id, id)
);

CREATE TABLE municipality (
  id INTEGER NOT NULL,
  code VARCHAR(9) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  name_lv VARCHAR NOT NULL,
  name_en VARCHAR NOT NULL,
  iso_3166_2 VARCHAR(6),
  zone VARCHAR NOT NULL,
  valid_from DATE NOT NULL,
  valid_until DATE,
  successor_code VARCHAR(9),
  CONSTRAINT pk_municipality PRIMARY KEY (id),
  CONSTRAINT uq_municipality_code UNIQUE (code)
);

CREATE TABLE outbox_event (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  topic TEXT NOT NULL,
  payload JSONB NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  run_at TIMESTAMP WITH TIME ZONE NOT NULL,
  attempts INTEGER NOT NULL,
  failed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_outbox_event PRIMARY KEY (municipality_id, id)
);

CREATE INDEX ix_outbox_event_run_at ON outbox_event (run_at) WHERE failed_at IS NULL;

CREATE UNLOGGED TABLE rate_counter (
  key TEXT NOT NULL,
  window_at TIMESTAMP WITH TIME ZONE NOT NULL,
  count INTEGER NOT NULL,
  CONSTRAINT pk_rate_counter PRIMARY KEY (key, window_at)
);

CREATE TABLE registry_import (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
  counts JSONB NOT NULL,
  feed_digest BYTEA NOT NULL,
  CONSTRAINT pk_registry_import PRIMARY KEY (municipality_id, id)
);

CREATE TABLE resident (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  given_name_sealed BYTEA NOT NULL,
  family_name_sealed BYTEA NOT NULL,
  language VARCHAR(8) NOT NULL,
  language_source VARCHAR(16) NOT NULL,
  registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  closed_at TIMESTAMP WITH TIME ZONE,
  fingerprint BYTEA NOT NULL,
  CONSTRAINT pk_resident PRIMARY KEY (municipality_id, id),
  CONSTRAINT ck_resident_language_source CHECK (language_source IN ('registry', 'resident'))
);

CREATE TABLE resident_group (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  name_lv VARCHAR NOT NULL,
  name_en VARCHAR NOT NULL,
  label_lv VARCHAR,
  label_en VARCHAR,
  purpose VARCHAR NOT NULL,
  state VARCHAR(16) NOT NULL,
  current_version INTEGER NOT NULL,
  version INTEGER NOT NULL,
  created_by UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_resident_group PRIMARY KEY (municipality_id, id),
  CONSTRAINT ck_resident_group_state CHECK (state IN ('live', 'archived')),
  CONSTRAINT ck_resident_group_both_labels CHECK ((label_lv IS NULL) = (label_en IS NULL))
);

CREATE TABLE scheduled_run (
  job TEXT NOT NULL,
  fire_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_scheduled_run PRIMARY KEY (job, fire_at)
);

CREATE TABLE staff_member (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  subject VARCHAR(200) NOT NULL,
  name VARCHAR(200) NOT NULL,
  roles TEXT[] NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  disabled_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_staff_member PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_staff_member_municipality_id_subject UNIQUE (municipality_id, subject),
  CONSTRAINT ck_staff_member_roles CHECK (roles <@ ARRAY['communicator', 'approver', 'official', 'registrar', 'administrator']::text[])
);

CREATE TABLE status_source (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  source_uri TEXT NOT NULL,
  name TEXT NOT NULL,
  secret_sealed BYTEA NOT NULL,
  previous_secret_sealed BYTEA,
  previous_until TIMESTAMP WITH TIME ZONE,
  enabled BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_status_source PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_status_source_municipality_id_source_uri UNIQUE (municipality_id, source_uri),
  CONSTRAINT ck_status_source_previous_secret CHECK ((previous_secret_sealed IS NULL) = (previous_until IS NULL))
);

CREATE TABLE used_assertion (
  municipality_id INTEGER NOT NULL,
  assertion_id VARCHAR(64) NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_used_assertion PRIMARY KEY (municipality_id, assertion_id)
);

CREATE TABLE campaign_approval (
  municipality_id INTEGER NOT NULL,
  campaign_id UUID NOT NULL,
  campaign_version INTEGER NOT NULL,
  digest TEXT NOT NULL,
  group_rule_version INTEGER NOT NULL,
  approved_by UUID NOT NULL,
  approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  break_glass_reason TEXT,
  CONSTRAINT pk_campaign_approval PRIMARY KEY (municipality_id, campaign_id, campaign_version),
  CONSTRAINT fk_campaign_approval_municipality_id_campaign_id FOREIGN KEY(municipality_id, campaign_id) REFERENCES campaign (municipality_id, id)
);

CREATE TABLE chunk (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  dispatch_id UUID NOT NULL,
  channel TEXT NOT NULL,
  lane SMALLINT NOT NULL,
  run_at TIMESTAMP WITH TIME ZONE NOT NULL,
  state TEXT NOT NULL,
  claims INTEGER NOT NULL,
  tries SMALLINT NOT NULL,
  planned_as TEXT NOT NULL,
  lease_until TIMESTAMP WITH TIME ZONE,
  ordinals INTEGER[] NOT NULL,
  CONSTRAINT pk_chunk PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_chunk_municipality_id_dispatch_id FOREIGN KEY(municipality_id, dispatch_id) REFERENCES dispatch (municipality_id, id)
);

COMMENT ON COLUMN chunk.state IS 'ready, leased, done or cancelled';

COMMENT ON COLUMN chunk.planned_as IS 'the state counted for them: queued or held';

CREATE INDEX ix_chunk_leased ON chunk (lease_until) WHERE state = 'leased';

CREATE INDEX ix_chunk_municipality_id_dispatch_id_state ON chunk (municipality_id, dispatch_id, state);

CREATE INDEX ix_chunk_ready ON chunk (lane, run_at, id) WHERE state = 'ready';

CREATE TABLE contact_point (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  resident_id UUID NOT NULL,
  kind VARCHAR(8) NOT NULL,
  value_sealed BYTEA NOT NULL,
  value_digest BYTEA NOT NULL,
  source VARCHAR(16) NOT NULL,
  verified_at TIMESTAMP WITH TIME ZONE,
  suppressed_at TIMESTAMP WITH TIME ZONE,
  suppressed_reason VARCHAR,
  closed_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_contact_point PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_contact_point_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT ck_contact_point_kind CHECK (kind IN ('email', 'sms')),
  CONSTRAINT ck_contact_point_source CHECK (source IN ('registry', 'resident'))
);

CREATE UNIQUE INDEX ix_contact_point_municipality_id_resident_id_kind_value_digest ON contact_point (municipality_id, resident_id, kind, value_digest);

CREATE INDEX ix_contact_point_municipality_id_value_digest ON contact_point (municipality_id, value_digest);

CREATE TABLE delivery_result (
  municipality_id INTEGER NOT NULL,
  id BIGINT GENERATED BY DEFAULT AS IDENTITY,
  dispatch_id UUID NOT NULL,
  channel TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  provider_ref TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_delivery_result PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_delivery_result_municipality_id_dispatch_id FOREIGN KEY(municipality_id, dispatch_id) REFERENCES dispatch (municipality_id, id)
);

CREATE INDEX ix_delivery_result_municipality_id_dispatch_id_channel_ordinal ON delivery_result (municipality_id, dispatch_id, channel, ordinal);

CREATE TABLE device (
  municipality_id INTEGER NOT NULL,
  platform VARCHAR(8) NOT NULL,
  token_kind VARCHAR(16) NOT NULL,
  app_version VARCHAR(32),
  id UUID NOT NULL,
  endpoint_id UUID NOT NULL,
  resident_id UUID NOT NULL,
  value_sealed BYTEA,
  value_digest BYTEA,
  registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  removed_at TIMESTAMP WITH TIME ZONE,
  removed_reason VARCHAR(32),
  CONSTRAINT pk_device PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_device_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT uq_device_municipality_id_endpoint_id UNIQUE (municipality_id, endpoint_id),
  CONSTRAINT uq_device_municipality_id_value_digest UNIQUE (municipality_id, value_digest),
  CONSTRAINT ck_device_removed_keeps_nothing CHECK ((removed_at IS NULL) = (value_sealed IS NOT NULL) AND (removed_at IS NULL) = (value_digest IS NOT NULL) AND (removed_at IS NULL) = (removed_reason IS NULL))
);

CREATE INDEX ix_device_municipality_id_resident_id ON device (municipality_id, resident_id);

CREATE TABLE group_rule (
  municipality_id INTEGER NOT NULL,
  group_id UUID NOT NULL,
  version INTEGER NOT NULL,
  rule JSONB,
  created_by UUID NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_group_rule PRIMARY KEY (municipality_id, group_id, version),
  CONSTRAINT fk_group_rule_municipality_id_group_id FOREIGN KEY(municipality_id, group_id) REFERENCES resident_group (municipality_id, id)
);

CREATE TABLE guardianship (
  municipality_id INTEGER NOT NULL,
  guardian_id UUID NOT NULL,
  child_id UUID NOT NULL,
  closed_on DATE,
  fingerprint BYTEA NOT NULL,
  CONSTRAINT pk_guardianship PRIMARY KEY (municipality_id, guardian_id, child_id),
  CONSTRAINT fk_guardianship_municipality_id_guardian_id FOREIGN KEY(municipality_id, guardian_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT fk_guardianship_municipality_id_child_id FOREIGN KEY(municipality_id, child_id) REFERENCES resident (municipality_id, id)
);

CREATE INDEX ix_guardianship_municipality_id_child_id ON guardianship (municipality_id, child_id);

CREATE TABLE household (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  ref VARCHAR NOT NULL,
  address_id UUID,
  fingerprint BYTEA NOT NULL,
  closed_on DATE,
  CONSTRAINT pk_household PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_household_municipality_id_ref UNIQUE (municipality_id, ref),
  CONSTRAINT fk_household_municipality_id_address_id FOREIGN KEY(municipality_id, address_id) REFERENCES address (municipality_id, id)
);

CREATE INDEX ix_household_municipality_id_address_id ON household (municipality_id, address_id);

CREATE TABLE institution (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  ref VARCHAR NOT NULL,
  kind VARCHAR(16) NOT NULL,
  name VARCHAR NOT NULL,
  address_id UUID,
  fingerprint BYTEA NOT NULL,
  closed_on DATE,
  CONSTRAINT pk_institution PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_institution_municipality_id_ref UNIQUE (municipality_id, ref),
  CONSTRAINT fk_institution_municipality_id_address_id FOREIGN KEY(municipality_id, address_id) REFERENCES address (municipality_id, id)
);

CREATE INDEX ix_institution_municipality_id_address_id ON institution (municipality_id, address_id);

CREATE TABLE message (
  municipality_id INTEGER NOT NULL,
  dispatch_id UUID NOT NULL,
  ordinal INTEGER NOT NULL,
  id UUID NOT NULL,
  resident_id UUID NOT NULL,
  language TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_message PRIMARY KEY (municipality_id, dispatch_id, ordinal),
  CONSTRAINT fk_message_municipality_id_dispatch_id FOREIGN KEY(municipality_id, dispatch_id) REFERENCES dispatch (municipality_id, id)
);

CREATE INDEX ix_message_municipality_id_resident_id_id ON message (municipality_id, resident_id, id);

CREATE TABLE pet (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  ref VARCHAR NOT NULL,
  resident_id UUID NOT NULL,
  species VARCHAR(16) NOT NULL,
  fingerprint BYTEA NOT NULL,
  closed_on DATE,
  CONSTRAINT pk_pet PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_pet_municipality_id_ref UNIQUE (municipality_id, ref),
  CONSTRAINT fk_pet_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id)
);

CREATE INDEX ix_pet_municipality_id_resident_id ON pet (municipality_id, resident_id);

CREATE TABLE preference (
  municipality_id INTEGER NOT NULL,
  resident_id UUID NOT NULL,
  topic VARCHAR(40) NOT NULL,
  channels TEXT[] NOT NULL,
  source VARCHAR(16) NOT NULL,
  changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_preference PRIMARY KEY (municipality_id, resident_id, topic),
  CONSTRAINT fk_preference_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT ck_preference_channels CHECK (channels <@ ARRAY['push', 'web_push', 'email', 'sms']::text[]),
  CONSTRAINT ck_preference_source CHECK (source IN ('registry', 'resident'))
);

CREATE TABLE property (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  ref VARCHAR NOT NULL,
  resident_id UUID NOT NULL,
  kind VARCHAR(16) NOT NULL,
  address_id UUID,
  fingerprint BYTEA NOT NULL,
  closed_on DATE,
  CONSTRAINT pk_property PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_property_municipality_id_ref UNIQUE (municipality_id, ref),
  CONSTRAINT fk_property_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT fk_property_municipality_id_address_id FOREIGN KEY(municipality_id, address_id) REFERENCES address (municipality_id, id)
);

CREATE INDEX ix_property_municipality_id_address_id ON property (municipality_id, address_id);

CREATE INDEX ix_property_municipality_id_resident_id ON property (municipality_id, resident_id);

CREATE TABLE provider_receipt (
  municipality_id INTEGER NOT NULL,
  id BIGINT GENERATED BY DEFAULT AS IDENTITY,
  dispatch_id UUID NOT NULL,
  channel TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  provider_ref TEXT NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_provider_receipt PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_provider_receipt_municipality_id_dispatch_id FOREIGN KEY(municipality_id, dispatch_id) REFERENCES dispatch (municipality_id, id)
);

CREATE INDEX ix_provider_receipt_due_at_id ON provider_receipt (due_at, id);

CREATE INDEX ix_provider_receipt_municipality_id_dispatch_id ON provider_receipt (municipality_id, dispatch_id);

CREATE TABLE resident_code (
  municipality_id INTEGER NOT NULL,
  digest BYTEA NOT NULL,
  resident_id UUID NOT NULL,
  code_sealed BYTEA NOT NULL,
  CONSTRAINT pk_resident_code PRIMARY KEY (municipality_id, digest),
  CONSTRAINT fk_resident_code_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id)
);

CREATE INDEX ix_resident_code_municipality_id_resident_id ON resident_code (municipality_id, resident_id);

CREATE TABLE service_case (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  source_id UUID NOT NULL,
  number TEXT NOT NULL,
  resident_id UUID NOT NULL,
  service_code TEXT NOT NULL,
  service_title JSONB NOT NULL,
  stage VARCHAR(24) NOT NULL,
  status TEXT NOT NULL,
  step_title JSONB NOT NULL,
  last_sequence BIGINT NOT NULL,
  last_event_id TEXT NOT NULL,
  opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
  updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_service_case PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_service_case_municipality_id_source_id_number UNIQUE (municipality_id, source_id, number),
  CONSTRAINT fk_service_case_municipality_id_source_id FOREIGN KEY(municipality_id, source_id) REFERENCES status_source (municipality_id, id),
  CONSTRAINT fk_service_case_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT ck_service_case_stage CHECK (stage IN ('received', 'in_progress', 'waiting_for_you', 'waiting_for_others', 'decided', 'closed'))
);

CREATE INDEX ix_service_case_municipality_id_resident_id_updated_at_id ON service_case (municipality_id, resident_id, updated_at, id);

CREATE TABLE tally (
  municipality_id INTEGER NOT NULL,
  id BIGINT GENERATED BY DEFAULT AS IDENTITY,
  dispatch_id UUID NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL,
  delta INTEGER NOT NULL,
  CONSTRAINT pk_tally PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_tally_municipality_id_dispatch_id FOREIGN KEY(municipality_id, dispatch_id) REFERENCES dispatch (municipality_id, id)
);

CREATE INDEX ix_tally_municipality_id_dispatch_id ON tally (municipality_id, dispatch_id);

CREATE TABLE unmatched_status_event (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  source_id UUID NOT NULL,
  event_id TEXT NOT NULL,
  case_number TEXT NOT NULL,
  reason VARCHAR(24) NOT NULL,
  person_digest BYTEA,
  event_sealed BYTEA NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_unmatched_status_event PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_unmatched_status_event_municipality_id_source_id_event_id UNIQUE (municipality_id, source_id, event_id),
  CONSTRAINT fk_unmatched_status_event_municipality_id_source_id FOREIGN KEY(municipality_id, source_id) REFERENCES status_source (municipality_id, id)
);

CREATE INDEX ix_unmatched_status_event_municipality_id_source_id_case_number ON unmatched_status_event (municipality_id, source_id, case_number);

CREATE TABLE web_push_subscription (
  municipality_id INTEGER NOT NULL,
  keys_sealed BYTEA,
  id UUID NOT NULL,
  endpoint_id UUID NOT NULL,
  resident_id UUID NOT NULL,
  value_sealed BYTEA,
  value_digest BYTEA,
  registered_at TIMESTAMP WITH TIME ZONE NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  removed_at TIMESTAMP WITH TIME ZONE,
  removed_reason VARCHAR(32),
  CONSTRAINT pk_web_push_subscription PRIMARY KEY (municipality_id, id),
  CONSTRAINT fk_web_push_subscription_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT uq_web_push_subscription_municipality_id_endpoint_id UNIQUE (municipality_id, endpoint_id),
  CONSTRAINT uq_web_push_subscription_municipality_id_value_digest UNIQUE (municipality_id, value_digest),
  CONSTRAINT ck_web_push_subscription_removed_keeps_nothing CHECK ((removed_at IS NULL) = (value_sealed IS NOT NULL) AND (removed_at IS NULL) = (value_digest IS NOT NULL) AND (removed_at IS NULL) = (removed_reason IS NULL))
);

CREATE INDEX ix_web_push_subscription_municipality_id_resident_id ON web_push_subscription (municipality_id, resident_id);

CREATE TABLE attendance (
  municipality_id INTEGER NOT NULL,
  resident_id UUID NOT NULL,
  institution_id UUID NOT NULL,
  closed_on DATE,
  fingerprint BYTEA NOT NULL,
  CONSTRAINT pk_attendance PRIMARY KEY (municipality_id, resident_id, institution_id),
  CONSTRAINT fk_attendance_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT fk_attendance_municipality_id_institution_id FOREIGN KEY(municipality_id, institution_id) REFERENCES institution (municipality_id, id)
);

CREATE INDEX ix_attendance_municipality_id_institution_id ON attendance (municipality_id, institution_id);

CREATE TABLE evaluation (
  municipality_id INTEGER NOT NULL,
  group_id UUID NOT NULL,
  id UUID NOT NULL,
  rule_version INTEGER NOT NULL,
  as_of DATE NOT NULL,
  cause VARCHAR(16) NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
  joined INTEGER NOT NULL,
  "left" INTEGER NOT NULL,
  members INTEGER NOT NULL,
  CONSTRAINT pk_evaluation PRIMARY KEY (municipality_id, group_id, id),
  CONSTRAINT fk_evaluation_municipality_id_group_id_rule_version FOREIGN KEY(municipality_id, group_id, rule_version) REFERENCES group_rule (municipality_id, group_id, version),
  CONSTRAINT ck_evaluation_cause CHECK (cause IN ('created', 'edited', 'import', 'requested'))
);

CREATE INDEX ix_evaluation_municipality_id_group_id_rule_version ON evaluation (municipality_id, group_id, rule_version);

CREATE TABLE resident_fact (
  municipality_id INTEGER NOT NULL,
  resident_id UUID NOT NULL,
  birth_on DATE,
  sex VARCHAR(8),
  citizenship VARCHAR(2),
  language VARCHAR(8),
  address_id UUID,
  household_id UUID,
  interests TEXT[] NOT NULL,
  social_statuses TEXT[] NOT NULL,
  closed_on DATE,
  fingerprint BYTEA NOT NULL,
  CONSTRAINT pk_resident_fact PRIMARY KEY (municipality_id, resident_id),
  CONSTRAINT fk_resident_fact_municipality_id_resident_id FOREIGN KEY(municipality_id, resident_id) REFERENCES resident (municipality_id, id),
  CONSTRAINT fk_resident_fact_municipality_id_address_id FOREIGN KEY(municipality_id, address_id) REFERENCES address (municipality_id, id),
  CONSTRAINT fk_resident_fact_municipality_id_household_id FOREIGN KEY(municipality_id, household_id) REFERENCES household (municipality_id, id)
);

CREATE INDEX ix_resident_fact_municipality_id_address_id ON resident_fact (municipality_id, address_id);

CREATE INDEX ix_resident_fact_municipality_id_birth_on ON resident_fact (municipality_id, birth_on);

CREATE INDEX ix_resident_fact_municipality_id_household_id ON resident_fact (municipality_id, household_id);

CREATE TABLE status_event (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  case_id UUID NOT NULL,
  source_id UUID NOT NULL,
  event_id TEXT NOT NULL,
  sequence BIGINT NOT NULL,
  occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  service_code TEXT NOT NULL,
  service_title JSONB NOT NULL,
  stage VARCHAR(24) NOT NULL,
  status TEXT NOT NULL,
  step_title JSONB NOT NULL,
  note_sealed BYTEA,
  fingerprint BYTEA NOT NULL,
  CONSTRAINT pk_status_event PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_status_event_municipality_id_source_id_event_id UNIQUE (municipality_id, source_id, event_id),
  CONSTRAINT fk_status_event_municipality_id_case_id FOREIGN KEY(municipality_id, case_id) REFERENCES service_case (municipality_id, id),
  CONSTRAINT fk_status_event_municipality_id_source_id FOREIGN KEY(municipality_id, source_id) REFERENCES status_source (municipality_id, id),
  CONSTRAINT ck_status_event_stage CHECK (stage IN ('received', 'in_progress', 'waiting_for_you', 'waiting_for_others', 'decided', 'closed'))
);

CREATE INDEX ix_status_event_municipality_id_case_id_sequence ON status_event (municipality_id, case_id, sequence);

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
