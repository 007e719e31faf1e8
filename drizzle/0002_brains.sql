CREATE TABLE `promise` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`jorb_id` integer NOT NULL,
	`by` text NOT NULL,
	`address_id` integer NOT NULL,
	`text` text NOT NULL,
	`due_at` integer,
	`status` text NOT NULL,
	`source_event_id` integer,
	`turn_id` integer NOT NULL,
	`closed_turn_id` integer,
	`woken_at` integer,
	`at` integer NOT NULL,
	`closed_at` integer,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`address_id`) REFERENCES `address`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "promise_by" CHECK("promise"."by" in ('us', 'them')),
	CONSTRAINT "promise_status" CHECK("promise"."status" in ('open', 'kept', 'broken', 'released')),
	CONSTRAINT "promise_open_is_unclosed" CHECK(("promise"."status" = 'open') = ("promise"."closed_at" is null))
) STRICT;
--> statement-breakpoint
CREATE INDEX `promise_by_jorb` ON `promise` (`jorb_id`,`status`);--> statement-breakpoint
CREATE INDEX `promise_due` ON `promise` (`due_at`) WHERE "promise"."status" = 'open' and "promise"."due_at" is not null and "promise"."woken_at" is null;--> statement-breakpoint
CREATE TABLE `model_call` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`purpose` text NOT NULL,
	`jorb_id` integer,
	`turn_id` integer,
	`model` text NOT NULL,
	`status` text NOT NULL,
	`reserved_micros` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`input_tokens` integer DEFAULT 0 NOT NULL,
	`cached_tokens` integer DEFAULT 0 NOT NULL,
	`written_tokens` integer DEFAULT 0 NOT NULL,
	`output_tokens` integer DEFAULT 0 NOT NULL,
	`error` text,
	`at` integer NOT NULL,
	`closed_at` integer,
	FOREIGN KEY (`jorb_id`) REFERENCES `jorb`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`turn_id`) REFERENCES `turn`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "model_call_purpose" CHECK("model_call"."purpose" in ('turn', 'routing', 'handoff')),
	CONSTRAINT "model_call_status" CHECK("model_call"."status" in ('reserved', 'settled', 'unknown')),
	CONSTRAINT "model_call_cost" CHECK("model_call"."reserved_micros" >= 0 and "model_call"."cost_micros" >= 0),
	CONSTRAINT "model_call_open_is_reserved" CHECK(("model_call"."status" = 'reserved') = ("model_call"."closed_at" is null))
) STRICT;
--> statement-breakpoint
CREATE INDEX `model_call_by_time` ON `model_call` (`at`,`cost_micros`);--> statement-breakpoint
CREATE INDEX `model_call_by_jorb` ON `model_call` (`jorb_id`,`cost_micros`);--> statement-breakpoint
CREATE TABLE `outage` (
	`id` integer PRIMARY KEY NOT NULL,
	`since` integer NOT NULL,
	`failures` integer NOT NULL,
	`error` text NOT NULL,
	`retry_at` integer NOT NULL,
	`fallback_at` integer,
	CONSTRAINT "outage_single" CHECK("outage"."id" = 1)
) STRICT;
--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_address` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel` text NOT NULL,
	`address` text NOT NULL,
	`opted_out_at` integer,
	CONSTRAINT "address_channel" CHECK(length("__new_address"."channel") between 1 and 20)
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_address`("id", "channel", "address", "opted_out_at") SELECT "id", "channel", "address", "opted_out_at" FROM `address`;--> statement-breakpoint
DROP TABLE `address`;--> statement-breakpoint
ALTER TABLE `__new_address` RENAME TO `address`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `address_unique` ON `address` (`channel`,`address`);--> statement-breakpoint
ALTER TABLE `batch` ADD `route_at` integer;--> statement-breakpoint
ALTER TABLE `batch` ADD `route_epoch` integer;--> statement-breakpoint
ALTER TABLE `batch` ADD `route_failures` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `batch` ADD `suggested_jorb_id` integer;--> statement-breakpoint
ALTER TABLE `batch` ADD `suggested_confidence` real;--> statement-breakpoint
ALTER TABLE `event` ADD `grade` text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE `owner` ADD `quote_secret` text;--> statement-breakpoint
ALTER TABLE `decision` ADD `model` text;--> statement-breakpoint
ALTER TABLE `decision` ADD `prompt_hash` text;--> statement-breakpoint
ALTER TABLE `decision` ADD `input` text DEFAULT '{"triggers":[],"events":[]}' NOT NULL;--> statement-breakpoint
ALTER TABLE `decision` ADD `written_tokens` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `decision` ADD `cost_micros` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `decision` ADD `duration_ms` integer DEFAULT 0 NOT NULL;