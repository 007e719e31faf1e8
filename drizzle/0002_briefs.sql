DROP INDEX `jorb_stale`;--> statement-breakpoint
ALTER TABLE `jorb` ADD `news_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `jorb_by_news` ON `jorb` (`news_seq`);--> statement-breakpoint
CREATE INDEX `jorb_stale` ON `jorb` (`last_activity_at`) WHERE "jorb"."status" = 'running' and "jorb"."due_at" is null and "jorb"."wake_at" is null;--> statement-breakpoint
ALTER TABLE `outbox` ADD `at` integer GENERATED ALWAYS AS (coalesce(sent_at, queued_at)) VIRTUAL;--> statement-breakpoint
CREATE INDEX `outbox_by_time` ON `outbox` (`jorb_id`,`at`);--> statement-breakpoint
CREATE INDEX `audit_news` ON `audit` (`what`,`seq`) WHERE "audit"."what" <> 'message.received';