-- Secrets of authenticators are sealed by the vault, as all else that the database must not tell, so that they follow
-- the rotation of its keys. Until a running server has sealed the rows that exist, what was sealed with a key derived
-- from the installation's secret stands beside; the release before this one reads only that, and does not know
-- authenticators that are added from now on.
ALTER TABLE identity.totp
    ADD COLUMN secret_sealed bytea,
    ALTER COLUMN sealed_secret DROP NOT NULL,
    ADD CONSTRAINT totp_sealed CHECK ((sealed_secret IS NULL) <> (secret_sealed IS NULL)) NOT VALID;
GRANT UPDATE (sealed_secret, secret_sealed) ON identity.totp TO plenum_app;
