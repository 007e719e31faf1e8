CREATE TABLE `run` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`schedule` text NOT NULL,
	`slot` text NOT NULL,
	`slot_at` integer NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`available_at` integer NOT NULL,
	`leased_by` integer,
	`started_at` integer,
	`finished_at` integer,
	`note` text,
	FOREIGN KEY (`schedule`) REFERENCES `schedule`(`name`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "run_status" CHECK("run"."status" in ('due', 'running', 'done', 'failed')),
	CONSTRAINT "run_running_is_leased" CHECK(("run"."status" = 'running') = ("run"."leased_by" is not null)),
	CONSTRAINT "run_ended_has_time" CHECK(("run"."status" in ('done', 'failed')) = ("run"."finished_at" is not null)),
	CONSTRAINT "run_ended_has_note" CHECK("run"."status" not in ('done', 'failed') or "run"."note" is not null)
) STRICT;
--> statement-breakpoint
CREATE INDEX `run_due` ON `run` (`available_at`) WHERE "run"."status" = 'due';--> statement-breakpoint
CREATE INDEX `run_running` ON `run` (`leased_by`) WHERE "run"."status" = 'running';--> statement-breakpoint
CREATE INDEX `run_by_schedule` ON `run` (`schedule`,`id`);--> statement-breakpoint
CREATE INDEX `run_failed` ON `run` (`id`) WHERE "run"."status" = 'failed';--> statement-breakpoint
CREATE UNIQUE INDEX `run_slot` ON `run` (`schedule`,`slot`);--> statement-breakpoint
CREATE TABLE `schedule` (
	`name` text PRIMARY KEY NOT NULL,
	`cron` text NOT NULL,
	`time_zone` text NOT NULL,
	`next_at` integer,
	CONSTRAINT "schedule_name" CHECK("schedule"."name" in ('digest', 'handoff'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `schedule_due` ON `schedule` (`next_at`) WHERE "schedule"."next_at" is not null;--> statement-breakpoint
CREATE TABLE `handoff` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`reset_id` integer NOT NULL,
	`jorb_id` integer NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`available_at` integer NOT NULL,
	`leased_by` integer,
	`leased_until` integer,
	`seq` integer,
	`read_at` integer,
	`by` text,
	`body` text,
	`error` text,
	`ended_at` integer,
	FOREIGN KEY (`reset_id`) REFERENCES `reset`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "handoff_status" CHECK("handoff"."status" in ('due', 'writing', 'accepted', 'failed')),
	CONSTRAINT "handoff_body" CHECK(json_valid("handoff"."body")),
	CONSTRAINT "handoff_writing_is_leased" CHECK(("handoff"."status" = 'writing') = ("handoff"."leased_by" is not null)),
	CONSTRAINT "handoff_accepted_has_body" CHECK(("handoff"."status" = 'accepted') = ("handoff"."body" is not null and "handoff"."by" is not null)),
	CONSTRAINT "handoff_ended_has_time" CHECK(("handoff"."status" in ('accepted', 'failed')) = ("handoff"."ended_at" is not null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `handoff_once` ON `handoff` (`reset_id`,`jorb_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `handoff_one_open` ON `handoff` (`jorb_id`) WHERE "handoff"."status" in ('due', 'writing');--> statement-breakpoint
CREATE INDEX `handoff_due` ON `handoff` (`available_at`) WHERE "handoff"."status" = 'due';--> statement-breakpoint
CREATE INDEX `handoff_writing` ON `handoff` (`leased_by`) WHERE "handoff"."status" = 'writing';--> statement-breakpoint
CREATE INDEX `handoff_by_jorb` ON `handoff` (`jorb_id`,`id`);--> statement-breakpoint
CREATE TABLE `progress_entry` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`reset_id` integer NOT NULL,
	`text` text NOT NULL,
	`written_at` integer,
	`attempts` integer DEFAULT 0 NOT NULL,
	`available_at` integer NOT NULL,
	`error` text,
	FOREIGN KEY (`reset_id`) REFERENCES `reset`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `progress_entry_reset_id_unique` ON `progress_entry` (`reset_id`);--> statement-breakpoint
CREATE INDEX `progress_entry_due` ON `progress_entry` (`id`) WHERE "progress_entry"."written_at" is null;--> statement-breakpoint
CREATE TABLE `reset` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`reason` text NOT NULL,
	`days` integer,
	`run_id` integer,
	`seq` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`run_id`) REFERENCES `run`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "reset_reason" CHECK("reset"."reason" in ('interval', 'long_context'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `reset_run_id_unique` ON `reset` (`run_id`);--> statement-breakpoint
CREATE INDEX `reset_open` ON `reset` (`id`) WHERE "reset"."finished_at" is null;--> statement-breakpoint
CREATE INDEX `reset_by_reason` ON `reset` (`reason`,`id`);--> statement-breakpoint
CREATE TABLE `digest` (
	`date` text PRIMARY KEY NOT NULL,
	`mail_id` integer NOT NULL,
	`since` integer,
	`until` integer NOT NULL,
	`seq` integer NOT NULL,
	`counts` text NOT NULL,
	`needs` integer NOT NULL,
	FOREIGN KEY (`mail_id`) REFERENCES `mail`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "digest_counts" CHECK(json_valid("digest"."counts")),
	CONSTRAINT "digest_date" CHECK("digest"."date" glob '????-??-??')
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `digest_mail_id_unique` ON `digest` (`mail_id`);--> statement-breakpoint
CREATE TABLE `mail` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`key` text NOT NULL,
	`subject` text NOT NULL,
	`text` text NOT NULL,
	`html` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`queued_at` integer NOT NULL,
	`available_at` integer NOT NULL,
	`leased_by` integer,
	`sent_at` integer,
	`receipt` text,
	`error` text,
	CONSTRAINT "mail_kind" CHECK("mail"."kind" in ('digest', 'notice')),
	CONSTRAINT "mail_status" CHECK("mail"."status" in ('queued', 'sending', 'sent', 'unknown', 'failed')),
	CONSTRAINT "mail_sending_is_leased" CHECK(("mail"."status" = 'sending') = ("mail"."leased_by" is not null)),
	CONSTRAINT "mail_sent_has_receipt" CHECK(("mail"."status" = 'sent') = ("mail"."receipt" is not null and "mail"."sent_at" is not null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `mail_key_unique` ON `mail` (`key`);--> statement-breakpoint
CREATE INDEX `mail_due` ON `mail` (`available_at`) WHERE "mail"."status" = 'queued';--> statement-breakpoint
CREATE INDEX `mail_sending` ON `mail` (`leased_by`) WHERE "mail"."status" = 'sending';--> statement-breakpoint
CREATE INDEX `mail_problem` ON `mail` (`id`) WHERE "mail"."status" in ('unknown', 'failed');--> statement-breakpoint
CREATE INDEX `mail_by_kind` ON `mail` (`kind`,`queued_at`);--> statement-breakpoint
CREATE TABLE `notice` (
	`seq` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`jorb_id` integer,
	`subject` text NOT NULL,
	`at` integer NOT NULL,
	`status` text NOT NULL,
	`mail_id` integer,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`mail_id`) REFERENCES `mail`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "notice_kind" CHECK("notice"."kind" in ('pause', 'complete', 'fail', 'approval', 'reminder', 'budget', 'late_reply', 'handoff')),
	CONSTRAINT "notice_status" CHECK("notice"."status" in ('open', 'mailed', 'dropped')),
	CONSTRAINT "notice_mailed_has_mail" CHECK(("notice"."status" = 'mailed') = ("notice"."mail_id" is not null))
) STRICT;
--> statement-breakpoint
CREATE INDEX `notice_open` ON `notice` (`at`) WHERE "notice"."status" = 'open';--> statement-breakpoint
CREATE INDEX `notice_by_mail` ON `notice` (`mail_id`) WHERE "notice"."mail_id" is not null;--> statement-breakpoint
CREATE INDEX `notice_by_jorb` ON `notice` (`jorb_id`,`kind`);--> statement-breakpoint
ALTER TABLE `jorb` ADD `ends_at` integer;--> statement-breakpoint
ALTER TABLE `jorb` ADD `notify_on` text;--> statement-breakpoint
ALTER TABLE `jorb` ADD `prompt_tokens` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `jorb` ADD `handoff_id` integer;--> statement-breakpoint
CREATE INDEX `jorb_ends` ON `jorb` (`ends_at`) WHERE "jorb"."ends_at" is not null and "jorb"."status" in ('running', 'paused');--> statement-breakpoint
CREATE INDEX `jorb_long` ON `jorb` (`prompt_tokens`) WHERE "jorb"."prompt_tokens" > 0 and "jorb"."status" = 'running';--> statement-breakpoint
CREATE INDEX `promise_woken` ON `promise` (`due_at`) WHERE "promise"."status" = 'open' and "promise"."woken_at" is not null;