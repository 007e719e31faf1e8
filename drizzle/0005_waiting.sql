CREATE INDEX `approval_waiting` ON `approval` (`id`) WHERE "approval"."status" = 'pending';--> statement-breakpoint
CREATE INDEX `ledger_by_status` ON `ledger` (`status`,`currency`,`minor`);--> statement-breakpoint
CREATE INDEX `jorb_paused` ON `jorb` (`pause_cause`,`last_activity_at`) WHERE "jorb"."status" = 'paused';