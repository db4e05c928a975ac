-- Keys by which a few rows find whom they may be about among everyone: sealed, made anew from the people whenever it
-- is lost or they changed. Later parts hold for whom both name.
CREATE TABLE link_index (
    part BIGINT PRIMARY KEY,
    engine TEXT NOT NULL,
    sealed BYTEA NOT NULL
);
