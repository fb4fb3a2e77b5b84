-- What one import brought in, so that it can be undone. Texts from before this version belong to none. Ids are never used
-- again: whoever still names an import that is gone must not hit another.
CREATE TABLE imports (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    created_at INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

ALTER TABLE texts ADD COLUMN import_id INTEGER REFERENCES imports (id);

CREATE INDEX texts_by_import ON texts (import_id);

CREATE TABLE conversations (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    title      TEXT NOT NULL CHECK (title <> ''),
    created_at INTEGER NOT NULL DEFAULT (unixepoch()),
    changed_at INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

-- The user's turns, in the order of their ids.
CREATE TABLE prompts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    text            TEXT NOT NULL,
    created_at      INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

CREATE INDEX prompts_by_conversation ON prompts (conversation_id);

-- The models' turns: one answer to a prompt is chosen, the others are alternatives to it.
CREATE TABLE answers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    prompt_id   INTEGER NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
    text        TEXT NOT NULL,
    voice       TEXT NOT NULL,
    temperature REAL NOT NULL,
    max_tokens  INTEGER NOT NULL,
    tokens      INTEGER NOT NULL,
    chosen      INTEGER NOT NULL DEFAULT 1,
    created_at  INTEGER NOT NULL DEFAULT (unixepoch())
) STRICT;

CREATE INDEX answers_by_prompt ON answers (prompt_id);

CREATE UNIQUE INDEX one_chosen_answer ON answers (prompt_id) WHERE chosen = 1;

-- Which voice was preferred. Holds no text, and so outlives the conversation it was said in.
CREATE TABLE verdicts (
    id         INTEGER PRIMARY KEY,
    preferred  TEXT NOT NULL,
    against    TEXT NOT NULL,
    blind      INTEGER NOT NULL,
    created_at INTEGER NOT NULL DEFAULT (unixepoch()),
    CHECK (preferred <> against)
) STRICT;
