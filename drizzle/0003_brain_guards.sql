-- What no release of this program may do to the rows that brains brought, whatever its code says.

DROP TRIGGER `event_keeps`;
--> statement-breakpoint
CREATE TRIGGER `event_keeps` BEFORE UPDATE OF `channel`, `account`, `external_id`, `conversation_id`, `batch_id`, `text`, `in_reply_to`, `sent_at`, `received_at`, `grade` ON `event` BEGIN
  SELECT RAISE(ABORT, 'a received message is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `model_call_stays` BEFORE DELETE ON `model_call` BEGIN
  SELECT RAISE(ABORT, 'a call of a model is never removed');
END;
--> statement-breakpoint
CREATE TRIGGER `model_call_settled_once` BEFORE UPDATE ON `model_call` WHEN OLD.`status` <> 'reserved' BEGIN
  SELECT RAISE(ABORT, 'a call of a model is settled once');
END;
--> statement-breakpoint
CREATE TRIGGER `promise_keeps` BEFORE UPDATE OF `jorb_id`, `by`, `address_id`, `text`, `due_at`, `source_event_id`, `turn_id`, `at` ON `promise` BEGIN
  SELECT RAISE(ABORT, 'what was promised is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `promise_closed_once` BEFORE UPDATE OF `status` ON `promise` WHEN OLD.`status` <> 'open' BEGIN
  SELECT RAISE(ABORT, 'a promise is closed once');
END;
--> statement-breakpoint
UPDATE `owner` SET `quote_secret` = lower(hex(randomblob(16)));
