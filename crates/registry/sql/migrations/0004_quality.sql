-- How many rows of an accepted list had anything in a column. `position` in sources.toml when it was taken;
-- a column the file did not have is missing here.
CREATE TABLE list_column (
    list BIGINT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    filled BIGINT NOT NULL,
    PRIMARY KEY (list, position)
);

-- How often each fault occurred in each column of an accepted list; `name` empty: in the row as a whole.
CREATE TABLE list_fault (
    list BIGINT NOT NULL,
    name TEXT NOT NULL,
    code TEXT NOT NULL,
    faults BIGINT NOT NULL,
    PRIMARY KEY (list, name, code)
);

-- Per night: of how many people a source spoke (`fact` empty), and how many of them it and another source said
-- different things of; `overruled`: the other's value counts.
CREATE TABLE disagreement (
    as_of TEXT NOT NULL,
    source TEXT NOT NULL,
    fact TEXT NOT NULL,
    people BIGINT NOT NULL,
    overruled BIGINT NOT NULL,
    PRIMARY KEY (as_of, source, fact)
);
