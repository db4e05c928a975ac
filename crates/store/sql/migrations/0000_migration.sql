CREATE TABLE IF NOT EXISTS migration (
    context TEXT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (context, id)
);
