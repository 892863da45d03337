-- Who has not chosen a language is written to in that of the organization. Accounts are made with Russian, so another one was
-- chosen.
ALTER TABLE identity.account ADD COLUMN language_chosen boolean NOT NULL DEFAULT false;
UPDATE identity.account SET language_chosen = true WHERE language <> 'ru';
GRANT UPDATE (language_chosen) ON identity.account TO plenum_app;
