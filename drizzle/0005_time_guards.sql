-- What no release of this program may do to the rows that time brings, whatever its code says.

CREATE TRIGGER `run_keeps` BEFORE UPDATE OF `schedule`, `slot`, `slot_at` ON `run` BEGIN
  SELECT RAISE(ABORT, 'the slot of a run is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `run_stays` BEFORE DELETE ON `run` BEGIN
  SELECT RAISE(ABORT, 'a run is never removed: its slot would run again');
END;
--> statement-breakpoint
CREATE TRIGGER `run_ended_stays` BEFORE UPDATE OF `status` ON `run` WHEN OLD.`status` IN ('done', 'failed') BEGIN
  SELECT RAISE(ABORT, 'a run that has ended does not begin again');
END;
--> statement-breakpoint
CREATE TRIGGER `mail_keeps` BEFORE UPDATE OF `kind`, `key`, `subject`, `text`, `html` ON `mail` BEGIN
  SELECT RAISE(ABORT, 'a queued mail is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `mail_sent_stays_sent` BEFORE UPDATE OF `status` ON `mail` WHEN OLD.`status` IN ('sent', 'failed') BEGIN
  SELECT RAISE(ABORT, 'a mail that has ended does not begin again');
END;
--> statement-breakpoint
CREATE TRIGGER `digest_keeps` BEFORE UPDATE ON `digest` BEGIN
  SELECT RAISE(ABORT, 'a digest is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `digest_stays` BEFORE DELETE ON `digest` BEGIN
  SELECT RAISE(ABORT, 'a digest is never removed: its date would get another');
END;
--> statement-breakpoint
CREATE TRIGGER `handoff_keeps` BEFORE UPDATE OF `jorb_id`, `reset_id`, `by`, `body`, `status` ON `handoff` WHEN OLD.`status` IN ('accepted', 'failed') BEGIN
  SELECT RAISE(ABORT, 'a handoff that has ended is never changed');
END;
--> statement-breakpoint
CREATE TRIGGER `handoff_stays` BEFORE DELETE ON `handoff` BEGIN
  SELECT RAISE(ABORT, 'a handoff is never removed');
END;
--> statement-breakpoint
CREATE TRIGGER `progress_entry_keeps` BEFORE UPDATE OF `reset_id`, `text` ON `progress_entry` BEGIN
  SELECT RAISE(ABORT, 'an entry of the progress log is never changed');
END;
--> statement-breakpoint
-- What the owner wants to hear of at once is noted with the fact itself, wherever it comes from.

CREATE TRIGGER `audit_is_noticed` AFTER INSERT ON `audit` WHEN
  NEW.`what` IN ('approval.asked', 'approval.reminded', 'message.late', 'handoff.failed')
  OR (NEW.`actor` <> 'owner' AND NEW.`what` IN ('jorb.completed', 'jorb.failed'))
  -- A pause for a question is told by the question.
  OR (NEW.`actor` <> 'owner' AND NEW.`what` = 'jorb.status' AND json_extract(NEW.`after`, '$.status') = 'paused'
    AND json_extract(NEW.`after`, '$.pauseCause') NOT IN ('approval', 'question'))
  -- However often it is tried, a budget is reached once under one contract.
  OR (NEW.`what` = 'action.refused' AND json_extract(NEW.`after`, '$.rule') IN ('budget', 'spend_limit')
    AND NOT EXISTS (
      SELECT 1 FROM `notice`
      JOIN `action` AS `told` ON `told`.`id` = CAST(substr(`notice`.`subject`, 8) AS INTEGER)
      JOIN `action` AS `refused` ON `refused`.`id` = CAST(substr(NEW.`subject`, 8) AS INTEGER)
      WHERE `notice`.`jorb_id` = NEW.`jorb_id` AND `notice`.`kind` = 'budget'
        AND `told`.`contract_version` = `refused`.`contract_version`))
BEGIN
  INSERT INTO `notice` (`seq`, `kind`, `jorb_id`, `subject`, `at`, `status`) VALUES (
    NEW.`seq`,
    CASE NEW.`what`
      WHEN 'jorb.completed' THEN 'complete'
      WHEN 'jorb.failed' THEN 'fail'
      WHEN 'jorb.status' THEN 'pause'
      WHEN 'approval.asked' THEN 'approval'
      WHEN 'approval.reminded' THEN 'reminder'
      WHEN 'action.refused' THEN 'budget'
      WHEN 'message.late' THEN 'late_reply'
      ELSE 'handoff'
    END,
    NEW.`jorb_id`, NEW.`subject`, NEW.`at`, 'open');
END;
--> statement-breakpoint
-- An errand from before this version is asked about like any other, fourteen days after it began.

UPDATE `jorb` SET `ends_at` = `created_at` + 1209600000 WHERE `status` IN ('planning', 'running', 'paused');
