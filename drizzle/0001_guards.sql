-- What no release of this program may do to the file, whatever its code says.

CREATE TRIGGER `audit_keeps` BEFORE UPDATE ON `audit` BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_stays` BEFORE DELETE ON `audit` BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `audit_counts` AFTER INSERT ON `audit` BEGIN
  INSERT INTO `audit_count` (`what`, `count`) VALUES (NEW.`what`, 1)
    ON CONFLICT (`what`) DO UPDATE SET `count` = `count` + 1;
END;
--> statement-breakpoint
-- A brief asks which jorbs moved since the last one, without reading what happened.

CREATE TRIGGER `audit_is_news` AFTER INSERT ON `audit` WHEN NEW.`jorb_id` IS NOT NULL BEGIN
  UPDATE `jorb` SET `news_seq` = NEW.`seq` WHERE `id` = NEW.`jorb_id`;
END;
--> statement-breakpoint
CREATE TRIGGER `contract_keeps` BEFORE UPDATE ON `contract` BEGIN
  SELECT RAISE(ABORT, 'a contract version is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `contract_stays` BEFORE DELETE ON `contract` BEGIN
  SELECT RAISE(ABORT, 'a contract version is never removed');
END;
--> statement-breakpoint
CREATE TRIGGER `decision_keeps` BEFORE UPDATE ON `decision` BEGIN
  SELECT RAISE(ABORT, 'decisions are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `decision_stays` BEFORE DELETE ON `decision` BEGIN
  SELECT RAISE(ABORT, 'decisions are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER `event_keeps` BEFORE UPDATE OF `channel`, `account`, `external_id`, `conversation_id`, `batch_id`, `text`, `in_reply_to`, `sent_at`, `received_at` ON `event` BEGIN
  SELECT RAISE(ABORT, 'a received message is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `event_stays` BEFORE DELETE ON `event` BEGIN
  SELECT RAISE(ABORT, 'a received message is never removed');
END;
--> statement-breakpoint
CREATE TRIGGER `action_keeps` BEFORE UPDATE OF `jorb_id`, `turn_id`, `decision_id`, `payload`, `hash`, `contract_version`, `edit_of` ON `action` BEGIN
  SELECT RAISE(ABORT, 'what an action stands for is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `approval_keeps` BEFORE UPDATE OF `action_id`, `jorb_id`, `hash`, `contract_version` ON `approval` BEGIN
  SELECT RAISE(ABORT, 'what an approval is about is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `approval_answered_once` BEFORE UPDATE OF `status` ON `approval` WHEN OLD.`status` <> 'pending' BEGIN
  SELECT RAISE(ABORT, 'an approval is answered once');
END;
--> statement-breakpoint
CREATE TRIGGER `outbox_keeps` BEFORE UPDATE OF `action_id`, `jorb_id`, `address_id`, `key`, `text`, `hash` ON `outbox` BEGIN
  SELECT RAISE(ABORT, 'a queued message is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `outbox_sent_stays_sent` BEFORE UPDATE OF `status` ON `outbox` WHEN OLD.`status` IN ('sent', 'failed') BEGIN
  SELECT RAISE(ABORT, 'a delivery that has ended does not begin again');
END;
--> statement-breakpoint
CREATE TRIGGER `jorb_finished_stays` BEFORE UPDATE OF `status` ON `jorb` WHEN OLD.`status` IN ('complete', 'failed', 'cancelled') BEGIN
  SELECT RAISE(ABORT, 'a finished jorb does not begin again');
END;
--> statement-breakpoint
CREATE TRIGGER `runtime_epoch_rises` BEFORE UPDATE OF `epoch` ON `runtime` WHEN NEW.`epoch` <= OLD.`epoch` BEGIN
  SELECT RAISE(ABORT, 'the epoch only rises');
END;
--> statement-breakpoint
INSERT INTO `owner` (`id`) VALUES (1);
