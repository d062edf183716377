CREATE TABLE registry_source (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  secret_sealed BYTEA NOT NULL,
  previous_secret_sealed BYTEA,
  previous_until TIMESTAMP WITH TIME ZONE,
  enabled BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_registry_source PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_registry_source_municipality_id_name UNIQUE (municipality_id, name),
  CONSTRAINT ck_registry_source_previous_secret CHECK ((previous_secret_sealed IS NULL) = (previous_until IS NULL))
);

CREATE TABLE registry_request (
  municipality_id INTEGER NOT NULL,
  source_id UUID NOT NULL,
  webhook_id VARCHAR(200) NOT NULL,
  seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_registry_request PRIMARY KEY (municipality_id, source_id, webhook_id),
  CONSTRAINT fk_registry_request_municipality_id_source_id FOREIGN KEY(municipality_id, source_id) REFERENCES registry_source (municipality_id, id)
);

CREATE INDEX ix_registry_request_municipality_id_seen_at ON registry_request (municipality_id, seen_at);

CREATE TABLE registry_feed (
  municipality_id INTEGER NOT NULL,
  id UUID NOT NULL,
  source_id UUID NOT NULL,
  name VARCHAR(64) NOT NULL,
  manifest JSONB NOT NULL,
  state VARCHAR(12) NOT NULL,
  announced_at TIMESTAMP WITH TIME ZONE NOT NULL,
  completed_at TIMESTAMP WITH TIME ZONE,
  finished_at TIMESTAMP WITH TIME ZONE,
  lease_until TIMESTAMP WITH TIME ZONE,
  attempts INTEGER NOT NULL,
  gates_overridden BOOLEAN NOT NULL,
  ending VARCHAR(24),
  decided_by UUID,
  decided_at TIMESTAMP WITH TIME ZONE,
  reason TEXT,
  import_id UUID,
  outcome JSONB,
  report BYTEA,
  CONSTRAINT pk_registry_feed PRIMARY KEY (municipality_id, id),
  CONSTRAINT uq_registry_feed_municipality_id_source_id_name UNIQUE (municipality_id, source_id, name),
  CONSTRAINT fk_registry_feed_municipality_id_source_id FOREIGN KEY(municipality_id, source_id) REFERENCES registry_source (municipality_id, id),
  CONSTRAINT ck_registry_feed_state CHECK (state IN ('receiving', 'queued', 'importing', 'imported', 'held', 'refused')),
  CONSTRAINT ck_registry_feed_completed CHECK ((state = 'receiving') = (completed_at IS NULL) OR state = 'refused'),
  CONSTRAINT ck_registry_feed_lease CHECK ((state = 'importing') = (lease_until IS NOT NULL)),
  CONSTRAINT ck_registry_feed_ending CHECK ((state = 'refused') = (ending IS NOT NULL))
);

CREATE INDEX ix_registry_feed_municipality_id_completed_at_id ON registry_feed (municipality_id, completed_at, id) WHERE state IN ('queued', 'importing', 'held');

CREATE TABLE registry_feed_part (
  municipality_id INTEGER NOT NULL,
  feed_id UUID NOT NULL,
  file VARCHAR(64) NOT NULL,
  start BIGINT NOT NULL,
  size INTEGER NOT NULL,
  content_sealed BYTEA NOT NULL,
  CONSTRAINT pk_registry_feed_part PRIMARY KEY (municipality_id, feed_id, file, start),
  CONSTRAINT fk_registry_feed_part_municipality_id_feed_id FOREIGN KEY(municipality_id, feed_id) REFERENCES registry_feed (municipality_id, id)
);

ALTER TABLE registry_feed_part ALTER content_sealed SET STORAGE EXTERNAL;
