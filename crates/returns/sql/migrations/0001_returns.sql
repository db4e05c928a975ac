-- Whose signature the province believes. A key that was withdrawn proves nothing made after that day.
CREATE TABLE return_key (
    id BIGINT PRIMARY KEY,
    county TEXT NOT NULL,
    public_key TEXT NOT NULL,
    trusted_on TEXT NOT NULL,
    trusted_by TEXT NOT NULL,
    withdrawn_on TEXT
);
CREATE INDEX return_key_by_county ON return_key (county);

-- A return that was verified and loaded. One of a county and day counts: the one of the highest revision.
CREATE TABLE return_load (
    id BIGINT PRIMARY KEY,
    county TEXT NOT NULL,
    as_of TEXT NOT NULL,
    revision BIGINT NOT NULL,
    pack TEXT NOT NULL,
    pack_version TEXT NOT NULL,
    digest TEXT NOT NULL,
    public_key TEXT NOT NULL,
    made_at TEXT NOT NULL,
    loaded_on TEXT NOT NULL,
    people BIGINT NOT NULL,
    places BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE UNIQUE INDEX return_load_by_revision ON return_load (county, as_of, revision);

-- Figures as the county published them; null: too small to be told, or not known.
CREATE TABLE return_indicator (
    load BIGINT NOT NULL,
    indicator TEXT NOT NULL,
    division TEXT NOT NULL,
    period_start TEXT NOT NULL,
    period_end TEXT NOT NULL,
    numerator DOUBLE PRECISION,
    denominator DOUBLE PRECISION,
    value DOUBLE PRECISION,
    unknown BIGINT,
    state TEXT NOT NULL,
    PRIMARY KEY (load, indicator, division)
);

CREATE TABLE return_rule (
    load BIGINT NOT NULL,
    rule TEXT NOT NULL,
    division TEXT NOT NULL,
    met BIGINT,
    not_met BIGINT,
    unknown BIGINT,
    PRIMARY KEY (load, rule, division)
);
