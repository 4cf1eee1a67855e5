CREATE TYPE "public"."export_format" AS ENUM('JSON', 'NDJSON', 'CSV');--> statement-breakpoint
CREATE TYPE "public"."export_kind" AS ENUM('USERS', 'DOCUMENTS', 'RECORDS', 'NOTES', 'CHATS', 'VAULTS', 'AUDIT');--> statement-breakpoint
CREATE TYPE "public"."export_status" AS ENUM('RUNNING', 'READY', 'FAILED');--> statement-breakpoint
CREATE TABLE "issued_tokens" (
	"jti" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"scopes" text[],
	"signing_key" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "export_parts" (
	"export_id" text NOT NULL,
	"index" integer NOT NULL,
	"gzip" "bytea" NOT NULL,
	"size_bytes" integer NOT NULL,
	CONSTRAINT "export_parts_export_id_index_pk" PRIMARY KEY("export_id","index")
);
--> statement-breakpoint
CREATE TABLE "exports" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" "export_kind" NOT NULL,
	"format" "export_format" NOT NULL,
	"status" "export_status" NOT NULL,
	"user_id" text,
	"since" timestamp (3) with time zone,
	"created_by" text,
	"place" jsonb,
	"row_count" integer DEFAULT 0 NOT NULL,
	"total_rows" integer,
	"part_count" integer DEFAULT 0 NOT NULL,
	"size_bytes" bigint DEFAULT 0 NOT NULL,
	"error" text,
	"leased_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "audit_anchors" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_entries" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text,
	"actor_by" text,
	"action" text NOT NULL,
	"target" text,
	"ip" text,
	"details" jsonb,
	"hash" text NOT NULL,
	"previous_hash" text NOT NULL,
	CONSTRAINT "audit_entries_id_unique" UNIQUE("id")
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "signing_key" text;--> statement-breakpoint
ALTER TABLE "issued_tokens" ADD CONSTRAINT "issued_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "export_parts" ADD CONSTRAINT "export_parts_export_id_exports_id_fk" FOREIGN KEY ("export_id") REFERENCES "public"."exports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "issued_tokens_user" ON "issued_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "issued_tokens_expiry" ON "issued_tokens" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "exports_running" ON "exports" USING btree ("status","leased_until");--> statement-breakpoint
CREATE INDEX "exports_expiry" ON "exports" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "exports_created" ON "exports" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "audit_entries_actor" ON "audit_entries" USING btree ("actor_id","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_action" ON "audit_entries" USING btree ("action","seq");--> statement-breakpoint
CREATE INDEX "audit_entries_at" ON "audit_entries" USING btree ("at");