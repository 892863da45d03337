-- Who rewrites a card says which state of it they read, so that nobody's change is lost under another's.
ALTER TABLE documents.document ADD COLUMN revision integer NOT NULL DEFAULT 1 CHECK (revision > 0);
GRANT UPDATE (revision) ON documents.document TO plenum_app;
