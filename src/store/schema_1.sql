-- Marks the file as XPerT's ("XPeR"), so that another program's database is never written to.
PRAGMA application_id = 1481663826;

CREATE TABLE sources (
    id       INTEGER PRIMARY KEY,
    path     TEXT NOT NULL,
    format   TEXT NOT NULL,
    added_at INTEGER NOT NULL DEFAULT (unixepoch()),
    UNIQUE (path, format)
) STRICT;

CREATE TABLE texts (
    id         INTEGER PRIMARY KEY,
    source_id  INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    thread     TEXT,
    message_id TEXT,
    parent_id  TEXT,
    author     TEXT,
    timestamp  INTEGER,
    title      TEXT,
    context    TEXT,
    text       TEXT NOT NULL CHECK (text <> ''),
    words      INTEGER NOT NULL,
    hash       TEXT NOT NULL UNIQUE,
    added_at   INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

CREATE INDEX texts_by_source ON texts (source_id);
