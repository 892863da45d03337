-- Which parts of a video were played: the same part played twice is watched once.
ALTER TABLE learning.progress ADD COLUMN watched_parts int4multirange NOT NULL DEFAULT '{}';
GRANT UPDATE (watched_parts) ON learning.progress TO plenum_app;
