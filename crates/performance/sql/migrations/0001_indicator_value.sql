CREATE TABLE indicator_value (
    as_of TEXT NOT NULL,
    pack TEXT NOT NULL,
    indicator TEXT NOT NULL,
    division TEXT NOT NULL,
    period_start TEXT NOT NULL,
    period_end TEXT NOT NULL,
    numerator DOUBLE PRECISION,
    denominator DOUBLE PRECISION,
    unknown BIGINT NOT NULL,
    value DOUBLE PRECISION,
    base DOUBLE PRECISION,
    state TEXT NOT NULL,
    since TEXT,
    PRIMARY KEY (as_of, pack, indicator, division)
);
CREATE INDEX indicator_value_history ON indicator_value (pack, indicator, division, period_end);
CREATE TABLE duty_report (
    id BIGINT PRIMARY KEY,
    pack TEXT NOT NULL,
    clause TEXT NOT NULL,
    division TEXT NOT NULL,
    done_on TEXT NOT NULL,
    evidence TEXT NOT NULL,
    reported_on TEXT NOT NULL
);
CREATE INDEX duty_report_clause ON duty_report (pack, clause, division);
