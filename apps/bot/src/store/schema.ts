/** Each brings the file from one version to the next; what was released is never changed. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    guild TEXT,
    title TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL,
    updated_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX conversations_by_place ON conversations (channel, place, created_at_ms);
  CREATE INDEX conversations_by_time ON conversations (channel, updated_at_ms);

  -- What people see. once_key makes what is told twice one: a message's id in its channel, or the run that answers.
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    once_key TEXT UNIQUE,
    kind TEXT NOT NULL,
    run_id TEXT,
    state TEXT,
    body TEXT NOT NULL,
    at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_conversation ON entries (conversation_id, id);
  CREATE INDEX entries_by_run ON entries (run_id) WHERE run_id IS NOT NULL;
  CREATE INDEX entries_by_state ON entries (state, id) WHERE state IS NOT NULL;

  -- Runs that the bot has begun or is about to. An 'open' one without a record in the journal was never begun, and is.
  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    cause TEXT NOT NULL,
    caller TEXT NOT NULL,
    agent TEXT NOT NULL,
    -- What a job or a raised budget says, in place of entries.
    task TEXT,
    job TEXT,
    state TEXT NOT NULL,
    begun_at_ms INTEGER NOT NULL,
    -- What it had done when it began to wait for people.
    trail TEXT
  ) STRICT;
  CREATE INDEX runs_by_state ON runs (conversation_id, state) WHERE state <> 'ended';

  -- What an answered run adds to the conversation that models see; is_whole is set when it stands for all before it.
  CREATE TABLE turns (
    entry_id INTEGER PRIMARY KEY REFERENCES entries (id) ON DELETE CASCADE,
    conversation_id TEXT NOT NULL,
    is_whole INTEGER NOT NULL,
    messages TEXT NOT NULL
  ) STRICT;
  CREATE INDEX turns_by_conversation ON turns (conversation_id, entry_id);

  CREATE TABLE questions (
    id TEXT PRIMARY KEY,
    entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    run_id TEXT NOT NULL,
    -- Of an approval, the request's id: the same request is asked once.
    request_id TEXT UNIQUE,
    asked_for TEXT NOT NULL,
    data TEXT NOT NULL,
    state TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX questions_by_state ON questions (state, expires_at_ms);

  -- What goes out through a channel, in order; 'sending' after a crash means that nobody knows.
  CREATE TABLE parts (
    entry_id INTEGER NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    channel TEXT NOT NULL,
    place TEXT NOT NULL,
    part TEXT NOT NULL,
    state TEXT NOT NULL,
    message_id TEXT,
    PRIMARY KEY (entry_id, number)
  ) STRICT;
  CREATE INDEX parts_by_state ON parts (state, entry_id, number) WHERE state <> 'sent';

  -- Words for the audit of runs that are not written yet.
  CREATE TABLE audit_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id TEXT NOT NULL,
    about TEXT NOT NULL,
    text TEXT NOT NULL,
    by TEXT,
    at_ms INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner TEXT NOT NULL,
    text TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    once_key TEXT UNIQUE
  ) STRICT;
  CREATE INDEX notes_by_owner ON notes (owner, id);
  `,
]
