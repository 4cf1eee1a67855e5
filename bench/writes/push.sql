-- What a push of one field leaves in the database, and nothing else, in one statement: what the server is held against.
\set document random(1, :documents)
\set path random(1, 100)
WITH field AS (
  INSERT INTO bench_fields AS stored (document_id, path, value, deleted, timestamp, counter, client_id)
  VALUES ('doc_' || (:document)::text, (:client_id)::text || ' ' || (:path)::text, '"0123456789012345678901234567890123456789012345678901234567890123"', false, clock_timestamp(), 1, (:client_id)::text)
  ON CONFLICT (document_id, path) DO UPDATE
  SET value = excluded.value, deleted = excluded.deleted, timestamp = excluded.timestamp, counter = excluded.counter, client_id = excluded.client_id
  WHERE (excluded.timestamp, excluded.counter, excluded.client_id) > (stored.timestamp, stored.counter, stored.client_id)
), stream AS (
  UPDATE bench_streams SET head = head + 1 WHERE id = 'doc_' || (:document)::text RETURNING id, head
)
INSERT INTO bench_changes (stream_id, seq, kind, payload, actor_id, client_id, client_counter, at)
SELECT id, head, 'delta',
  '{"clock": {"writer": 1}, "writes": [{"path": "0 1", "value": "0123456789012345678901234567890123456789012345678901234567890123", "deleted": false, "timestamp": 1700000000000}], "counter": 1}',
  'usr_00000000-0000-7000-8000-000000000000', (:client_id)::text, 1, clock_timestamp()
FROM stream;
