CREATE TABLE `action` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`jorb_id` integer NOT NULL,
	`turn_id` integer,
	`decision_id` integer,
	`payload` text NOT NULL,
	`hash` text NOT NULL,
	`contract_version` integer NOT NULL,
	`consequence` text NOT NULL,
	`findings` text NOT NULL,
	`status` text NOT NULL,
	`refusal` text,
	`caused_by` integer,
	`edit_of` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`turn_id`) REFERENCES `turn`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`decision_id`) REFERENCES `decision`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "action_status" CHECK("action"."status" in ('proposed', 'awaiting_approval', 'approved', 'rejected', 'expired', 'queued', 'done', 'failed', 'unknown')),
	CONSTRAINT "action_consequence" CHECK("action"."consequence" in ('none', 'message', 'new_recipient', 'share_info', 'cancel', 'commit', 'purchase')),
	CONSTRAINT "action_payload" CHECK(json_valid("action"."payload")),
	CONSTRAINT "action_findings" CHECK(json_valid("action"."findings"))
) STRICT;
--> statement-breakpoint
CREATE INDEX `action_by_jorb` ON `action` (`jorb_id`,`id`);--> statement-breakpoint
CREATE INDEX `action_by_turn` ON `action` (`turn_id`);--> statement-breakpoint
CREATE TABLE `approval` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`action_id` integer NOT NULL,
	`jorb_id` integer NOT NULL,
	`hash` text NOT NULL,
	`contract_version` integer NOT NULL,
	`status` text NOT NULL,
	`void_reason` text,
	`asked_at` integer NOT NULL,
	`remind_at` integer,
	`reminders` integer DEFAULT 0 NOT NULL,
	`expires_at` integer NOT NULL,
	`answered_at` integer,
	`answer_text` text,
	`confirmed_by` text,
	`quote_event_id` integer,
	`turn_id` integer,
	FOREIGN KEY (`action_id`) REFERENCES `action`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "approval_status" CHECK("approval"."status" in ('pending', 'accepted', 'edited', 'declined', 'answered', 'expired')),
	CONSTRAINT "approval_confirmed_by" CHECK("approval"."confirmed_by" in ('elicitation', 'terminal', 'host')),
	CONSTRAINT "approval_pending_is_unanswered" CHECK(("approval"."status" = 'pending') = ("approval"."answered_at" is null)),
	CONSTRAINT "approval_yes_is_confirmed" CHECK("approval"."status" not in ('accepted', 'edited', 'answered') or "approval"."confirmed_by" is not null)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `approval_action_id_unique` ON `approval` (`action_id`);--> statement-breakpoint
CREATE INDEX `approval_pending` ON `approval` (`jorb_id`,`id`) WHERE "approval"."status" = 'pending';--> statement-breakpoint
CREATE INDEX `approval_waiting` ON `approval` (`id`) WHERE "approval"."status" = 'pending';--> statement-breakpoint
CREATE INDEX `approval_expiry` ON `approval` (`expires_at`) WHERE "approval"."status" = 'pending';--> statement-breakpoint
CREATE INDEX `approval_reminder` ON `approval` (`remind_at`) WHERE "approval"."status" = 'pending' and "approval"."remind_at" is not null;--> statement-breakpoint
CREATE INDEX `approval_by_jorb` ON `approval` (`jorb_id`,`id`);--> statement-breakpoint
CREATE TABLE `ledger` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`action_id` integer NOT NULL,
	`jorb_id` integer NOT NULL,
	`minor` integer NOT NULL,
	`currency` text NOT NULL,
	`approved` integer NOT NULL,
	`status` text NOT NULL,
	`at` integer NOT NULL,
	`closed_at` integer,
	FOREIGN KEY (`action_id`) REFERENCES `action`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "ledger_status" CHECK("ledger"."status" in ('reserved', 'settled', 'released')),
	CONSTRAINT "ledger_minor" CHECK("ledger"."minor" >= 0),
	CONSTRAINT "ledger_open_is_reserved" CHECK(("ledger"."status" = 'reserved') = ("ledger"."closed_at" is null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `ledger_action_id_unique` ON `ledger` (`action_id`);--> statement-breakpoint
CREATE INDEX `ledger_by_status` ON `ledger` (`status`,`currency`,`minor`);--> statement-breakpoint
CREATE INDEX `ledger_by_jorb` ON `ledger` (`jorb_id`,`status`);--> statement-breakpoint
CREATE INDEX `ledger_unapproved` ON `ledger` (`at`) WHERE "ledger"."approved" = 0 and "ledger"."status" <> 'released';--> statement-breakpoint
CREATE TABLE `outbox` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`action_id` integer NOT NULL,
	`jorb_id` integer NOT NULL,
	`address_id` integer NOT NULL,
	`key` text NOT NULL,
	`text` text NOT NULL,
	`hash` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`queued_at` integer NOT NULL,
	`available_at` integer NOT NULL,
	`leased_by` integer,
	`sent_at` integer,
	`at` integer GENERATED ALWAYS AS (coalesce(sent_at, queued_at)) VIRTUAL,
	`receipt` text,
	`error` text,
	FOREIGN KEY (`action_id`) REFERENCES `action`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`address_id`) REFERENCES `address`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "outbox_status" CHECK("outbox"."status" in ('queued', 'sending', 'sent', 'unknown', 'failed')),
	CONSTRAINT "outbox_sending_is_leased" CHECK(("outbox"."status" = 'sending') = ("outbox"."leased_by" is not null)),
	CONSTRAINT "outbox_sent_has_receipt" CHECK(("outbox"."status" = 'sent') = ("outbox"."receipt" is not null and "outbox"."sent_at" is not null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_action_id_unique` ON `outbox` (`action_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_key_unique` ON `outbox` (`key`);--> statement-breakpoint
CREATE INDEX `outbox_due` ON `outbox` (`available_at`) WHERE "outbox"."status" = 'queued';--> statement-breakpoint
CREATE INDEX `outbox_sending` ON `outbox` (`leased_by`) WHERE "outbox"."status" = 'sending';--> statement-breakpoint
CREATE INDEX `outbox_problem` ON `outbox` (`id`) WHERE "outbox"."status" in ('unknown', 'failed');--> statement-breakpoint
CREATE INDEX `outbox_by_jorb` ON `outbox` (`jorb_id`,`queued_at`);--> statement-breakpoint
CREATE INDEX `outbox_by_time` ON `outbox` (`jorb_id`,`at`);--> statement-breakpoint
CREATE INDEX `outbox_by_address` ON `outbox` (`address_id`,`id`);--> statement-breakpoint
CREATE INDEX `outbox_by_receipt` ON `outbox` (`receipt`) WHERE "outbox"."receipt" is not null;--> statement-breakpoint
CREATE TABLE `batch` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`conversation_id` integer NOT NULL,
	`status` text NOT NULL,
	`opened_at` integer NOT NULL,
	`release_at` integer NOT NULL,
	`released_at` integer,
	`routed_at` integer,
	`route_reason` text,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "batch_status" CHECK("batch"."status" in ('open', 'released')),
	CONSTRAINT "batch_released_has_time" CHECK(("batch"."status" = 'released') = ("batch"."released_at" is not null)),
	CONSTRAINT "batch_routed_after_release" CHECK("batch"."routed_at" is null or "batch"."status" = 'released'),
	CONSTRAINT "batch_routed_has_reason" CHECK(("batch"."routed_at" is null) = ("batch"."route_reason" is null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `batch_one_open` ON `batch` (`conversation_id`) WHERE "batch"."status" = 'open';--> statement-breakpoint
CREATE INDEX `batch_due` ON `batch` (`release_at`) WHERE "batch"."status" = 'open';--> statement-breakpoint
CREATE INDEX `batch_unrouted` ON `batch` (`id`) WHERE "batch"."status" = 'released' and "batch"."routed_at" is null;--> statement-breakpoint
CREATE TABLE `conversation` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`address_id` integer NOT NULL,
	`account` text NOT NULL,
	`jorb_id` integer,
	FOREIGN KEY (`address_id`) REFERENCES `address`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `conversation_unique` ON `conversation` (`address_id`,`account`);--> statement-breakpoint
CREATE TABLE `event` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel` text NOT NULL,
	`account` text NOT NULL,
	`external_id` text NOT NULL,
	`conversation_id` integer NOT NULL,
	`batch_id` integer NOT NULL,
	`text` text NOT NULL,
	`in_reply_to` text,
	`sent_at` integer,
	`received_at` integer NOT NULL,
	`status` text NOT NULL,
	`jorb_id` integer,
	`turn_id` integer,
	FOREIGN KEY (`conversation_id`) REFERENCES `conversation`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`batch_id`) REFERENCES `batch`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "event_status" CHECK("event"."status" in ('received', 'batched', 'routed', 'handled', 'unmatched', 'ignored')),
	CONSTRAINT "event_routed_has_jorb" CHECK("event"."status" not in ('routed', 'handled') or "event"."jorb_id" is not null),
	CONSTRAINT "event_unmatched_has_none" CHECK("event"."status" <> 'unmatched' or "event"."jorb_id" is null)
) STRICT;
--> statement-breakpoint
CREATE INDEX `event_by_batch` ON `event` (`batch_id`);--> statement-breakpoint
CREATE INDEX `event_by_jorb` ON `event` (`jorb_id`,`received_at`) WHERE "event"."jorb_id" is not null;--> statement-breakpoint
CREATE INDEX `event_by_turn` ON `event` (`turn_id`) WHERE "event"."turn_id" is not null;--> statement-breakpoint
CREATE INDEX `event_unmatched` ON `event` (`id`) WHERE "event"."status" = 'unmatched';--> statement-breakpoint
CREATE INDEX `event_unseen` ON `event` (`jorb_id`,`id`) WHERE "event"."status" = 'routed';--> statement-breakpoint
CREATE UNIQUE INDEX `event_unique` ON `event` (`channel`,`account`,`external_id`);--> statement-breakpoint
CREATE TABLE `address` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel` text NOT NULL,
	`address` text NOT NULL,
	`opted_out_at` integer,
	CONSTRAINT "address_channel" CHECK("address"."channel" in ('loopback'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `address_unique` ON `address` (`channel`,`address`);--> statement-breakpoint
CREATE TABLE `contract` (
	`jorb_id` integer NOT NULL,
	`version` integer NOT NULL,
	`body` text NOT NULL,
	`by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`jorb_id`, `version`),
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "contract_by" CHECK("contract"."by" in ('owner')),
	CONSTRAINT "contract_body" CHECK(json_valid("contract"."body")),
	CONSTRAINT "contract_version" CHECK("contract"."version" >= 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `counterparty` (
	`jorb_id` integer NOT NULL,
	`address_id` integer NOT NULL,
	`name` text NOT NULL,
	`ask` text,
	`position` integer NOT NULL,
	PRIMARY KEY(`jorb_id`, `address_id`),
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`address_id`) REFERENCES `address`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `counterparty_by_address` ON `counterparty` (`address_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `counterparty_position` ON `counterparty` (`jorb_id`,`position`);--> statement-breakpoint
CREATE TABLE `fact` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`jorb_id` integer NOT NULL,
	`key` text NOT NULL,
	`value` text NOT NULL,
	`source_event_id` integer,
	`turn_id` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `fact_by_jorb` ON `fact` (`jorb_id`,`id`);--> statement-breakpoint
CREATE TABLE `guidance` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`jorb_id` integer NOT NULL,
	`text` text NOT NULL,
	`turn_id` integer,
	`at` integer NOT NULL,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `guidance_unseen` ON `guidance` (`jorb_id`,`id`) WHERE "guidance"."turn_id" is null;--> statement-breakpoint
CREATE INDEX `guidance_by_turn` ON `guidance` (`turn_id`);--> statement-breakpoint
CREATE TABLE `jorb` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`plan` text NOT NULL,
	`status` text NOT NULL,
	`pause_cause` text,
	`reason` text,
	`summary` text,
	`evidence` text DEFAULT '[]' NOT NULL,
	`contract_version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_activity_at` integer NOT NULL,
	`progress_at` integer NOT NULL,
	`finished_at` integer,
	`due_at` integer,
	`due_trigger` text,
	`wake_at` integer,
	`wake_reason` text,
	`deadline_at` integer,
	`turn_failures` integer DEFAULT 0 NOT NULL,
	`idempotency_key` text,
	`request_hash` text NOT NULL,
	`news_seq` integer DEFAULT 0 NOT NULL,
	CONSTRAINT "jorb_status" CHECK("jorb"."status" in ('planning', 'running', 'paused', 'complete', 'failed', 'cancelled')),
	CONSTRAINT "jorb_pause_cause" CHECK("jorb"."pause_cause" in ('approval', 'question', 'agent', 'owner', 'limit', 'error')),
	CONSTRAINT "jorb_due_trigger" CHECK("jorb"."due_trigger" in ('started', 'message', 'approval', 'guidance', 'resumed', 'wake', 'deadline')),
	CONSTRAINT "jorb_evidence" CHECK(json_valid("jorb"."evidence")),
	CONSTRAINT "jorb_name" CHECK(length("jorb"."name") between 1 and 200),
	CONSTRAINT "jorb_paused_has_cause" CHECK(("jorb"."status" = 'paused') = ("jorb"."pause_cause" is not null)),
	CONSTRAINT "jorb_finished_has_time" CHECK(("jorb"."status" in ('complete', 'failed', 'cancelled')) = ("jorb"."finished_at" is not null)),
	CONSTRAINT "jorb_wake_has_reason" CHECK(("jorb"."wake_at" is null) = ("jorb"."wake_reason" is null)),
	CONSTRAINT "jorb_due_has_trigger" CHECK(("jorb"."due_at" is null) = ("jorb"."due_trigger" is null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `jorb_idempotency_key_unique` ON `jorb` (`idempotency_key`);--> statement-breakpoint
CREATE INDEX `jorb_by_status` ON `jorb` (`status`,`last_activity_at`);--> statement-breakpoint
CREATE INDEX `jorb_by_activity` ON `jorb` (`last_activity_at`);--> statement-breakpoint
CREATE INDEX `jorb_due` ON `jorb` (`due_at`) WHERE "jorb"."due_at" is not null and "jorb"."status" = 'running';--> statement-breakpoint
CREATE INDEX `jorb_wake` ON `jorb` (`wake_at`) WHERE "jorb"."wake_at" is not null and "jorb"."status" = 'running';--> statement-breakpoint
CREATE INDEX `jorb_deadline` ON `jorb` (`deadline_at`) WHERE "jorb"."deadline_at" is not null and "jorb"."status" = 'running';--> statement-breakpoint
CREATE INDEX `jorb_stale` ON `jorb` (`last_activity_at`) WHERE "jorb"."status" = 'running' and "jorb"."due_at" is null and "jorb"."wake_at" is null;--> statement-breakpoint
CREATE INDEX `jorb_by_news` ON `jorb` (`news_seq`);--> statement-breakpoint
CREATE INDEX `jorb_paused` ON `jorb` (`pause_cause`,`last_activity_at`) WHERE "jorb"."status" = 'paused';--> statement-breakpoint
CREATE TABLE `phase` (
	`jorb_id` integer NOT NULL,
	`position` integer NOT NULL,
	`title` text NOT NULL,
	`status` text NOT NULL,
	PRIMARY KEY(`jorb_id`, `position`),
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "phase_status" CHECK("phase"."status" in ('pending', 'active', 'done'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `audit` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`what` text NOT NULL,
	`jorb_id` integer,
	`subject` text NOT NULL,
	`before` text,
	`after` text,
	`hash` text NOT NULL,
	CONSTRAINT "audit_actor" CHECK("audit"."actor" in ('owner', 'agent', 'runtime')),
	CONSTRAINT "audit_before" CHECK(json_valid("audit"."before")),
	CONSTRAINT "audit_after" CHECK(json_valid("audit"."after"))
) STRICT;
--> statement-breakpoint
CREATE INDEX `audit_by_jorb` ON `audit` (`jorb_id`,`seq`) WHERE "audit"."jorb_id" is not null;--> statement-breakpoint
CREATE INDEX `audit_news` ON `audit` (`what`,`seq`) WHERE "audit"."what" <> 'message.received';--> statement-breakpoint
CREATE TABLE `audit_count` (
	`what` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `owner` (
	`id` integer PRIMARY KEY NOT NULL,
	`stopped_at` integer,
	`stop_reason` text,
	`brief_at` integer,
	`brief_seq` integer DEFAULT 0 NOT NULL,
	`brief_counts` text DEFAULT '{}' NOT NULL,
	CONSTRAINT "owner_single" CHECK("owner"."id" = 1),
	CONSTRAINT "owner_brief_counts" CHECK(json_valid("owner"."brief_counts"))
) STRICT;
--> statement-breakpoint
CREATE TABLE `profile_field` (
	`field` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `runtime` (
	`id` integer PRIMARY KEY NOT NULL,
	`epoch` integer NOT NULL,
	`holder` text NOT NULL,
	`since` integer NOT NULL,
	CONSTRAINT "runtime_single" CHECK("runtime"."id" = 1)
) STRICT;
--> statement-breakpoint
CREATE TABLE `decision` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`jorb_id` integer,
	`turn_id` integer,
	`by` text NOT NULL,
	`reasoning` text NOT NULL,
	`confidence` real NOT NULL,
	`based_on` text NOT NULL,
	`input_tokens` integer NOT NULL,
	`cached_tokens` integer NOT NULL,
	`output_tokens` integer NOT NULL,
	`at` integer NOT NULL,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`turn_id`) REFERENCES `turn`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "decision_kind" CHECK("decision"."kind" in ('turn', 'routing')),
	CONSTRAINT "decision_based_on" CHECK(json_valid("decision"."based_on")),
	CONSTRAINT "decision_confidence" CHECK("decision"."confidence" between 0 and 1)
) STRICT;
--> statement-breakpoint
CREATE INDEX `decision_by_jorb` ON `decision` (`jorb_id`,`id`);--> statement-breakpoint
CREATE TABLE `outcome` (
	`turn_id` integer NOT NULL,
	`position` integer NOT NULL,
	`call` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`turn_id`, `position`, `call`),
	FOREIGN KEY (`turn_id`) REFERENCES `turn`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "outcome_body" CHECK(json_valid("outcome"."body"))
) STRICT;
--> statement-breakpoint
CREATE TABLE `step` (
	`turn_id` integer NOT NULL,
	`position` integer NOT NULL,
	`decision_id` integer NOT NULL,
	`answer` text NOT NULL,
	PRIMARY KEY(`turn_id`, `position`),
	FOREIGN KEY (`turn_id`) REFERENCES `turn`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "step_answer" CHECK(json_valid("step"."answer"))
) STRICT;
--> statement-breakpoint
CREATE TABLE `turn` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`jorb_id` integer NOT NULL,
	`status` text NOT NULL,
	`triggers` text NOT NULL,
	`epoch` integer NOT NULL,
	`leased_until` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`error` text,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "turn_status" CHECK("turn"."status" in ('running', 'finished', 'failed')),
	CONSTRAINT "turn_triggers" CHECK(json_valid("turn"."triggers")),
	CONSTRAINT "turn_running_is_unfinished" CHECK(("turn"."status" = 'running') = ("turn"."finished_at" is null)),
	CONSTRAINT "turn_failed_has_error" CHECK(("turn"."status" = 'failed') = ("turn"."error" is not null))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `turn_one_running` ON `turn` (`jorb_id`) WHERE "turn"."status" = 'running';--> statement-breakpoint
CREATE INDEX `turn_running` ON `turn` (`epoch`) WHERE "turn"."status" = 'running';