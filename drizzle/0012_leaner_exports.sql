DROP INDEX "exports_created";--> statement-breakpoint
DROP INDEX "audit_entries_at";--> statement-breakpoint
ALTER TABLE "export_parts" DROP COLUMN "size_bytes";--> statement-breakpoint
ALTER TABLE "export_parts" RENAME COLUMN "gzip" TO "deflated";