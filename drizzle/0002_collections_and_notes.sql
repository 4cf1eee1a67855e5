CREATE TYPE "public"."note_type" AS ENUM('NOTE', 'DIAGRAM', 'CODE', 'SHEET');--> statement-breakpoint
CREATE TABLE "collections" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "records" (
	"id" text PRIMARY KEY NOT NULL,
	"collection_id" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb,
	"version" bigint NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "attachment_chunks" (
	"attachment_id" text NOT NULL,
	"index" integer NOT NULL,
	"data" "bytea" NOT NULL,
	CONSTRAINT "attachment_chunks_attachment_id_index_pk" PRIMARY KEY("attachment_id","index")
);
--> statement-breakpoint
CREATE TABLE "attachments" (
	"id" text PRIMARY KEY NOT NULL,
	"note_id" text NOT NULL,
	"mime_type" text NOT NULL,
	"encrypted_name" text,
	"iv" text NOT NULL,
	"salt" text NOT NULL,
	"size_bytes" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "deleted_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"deleted_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "folders" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"parent_id" text,
	"name" text NOT NULL,
	"color" text,
	"position" integer NOT NULL,
	"is_default" boolean NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "note_revisions" (
	"id" text PRIMARY KEY NOT NULL,
	"note_id" text NOT NULL,
	"version" integer NOT NULL,
	"title" text,
	"content" text,
	"encrypted_title" text,
	"encrypted_content" text,
	"iv" text,
	"salt" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notebooks" (
	"owner_id" text PRIMARY KEY NOT NULL,
	"attachment_bytes" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"folder_id" text,
	"type" "note_type" NOT NULL,
	"title" text,
	"content" text,
	"encrypted_title" text,
	"encrypted_content" text,
	"iv" text,
	"salt" text,
	"tags" text[] NOT NULL,
	"starred" boolean NOT NULL,
	"archived" boolean NOT NULL,
	"hidden" boolean NOT NULL,
	"trashed_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', coalesce(title, '')), 'A') || setweight(to_tsvector('simple', left(coalesce(content, ''), 100000)), 'B')) STORED
);
--> statement-breakpoint
CREATE TABLE "publications" (
	"note_id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"title" text NOT NULL,
	"content" text NOT NULL,
	"author_name" text,
	"published_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "publications_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "owner" boolean DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "collections_owner_name" ON "collections" USING btree ("owner_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "records_key" ON "records" USING btree ("collection_id","key");--> statement-breakpoint
CREATE INDEX "records_page" ON "records" USING btree ("collection_id","updated_at","key");--> statement-breakpoint
CREATE INDEX "records_live" ON "records" USING btree ("collection_id","expires_at") WHERE "records"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "records_expiry" ON "records" USING btree ("expires_at") WHERE "records"."deleted_at" is null and "records"."expires_at" is not null;--> statement-breakpoint
CREATE INDEX "attachments_note" ON "attachments" USING btree ("note_id","id");--> statement-breakpoint
CREATE INDEX "folders_siblings" ON "folders" USING btree ("owner_id","parent_id","position");--> statement-breakpoint
CREATE INDEX "folders_children" ON "folders" USING btree ("parent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "note_revisions_version" ON "note_revisions" USING btree ("note_id","version");--> statement-breakpoint
CREATE INDEX "notes_page" ON "notes" USING btree ("owner_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "notes_folder" ON "notes" USING btree ("folder_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "notes_counts" ON "notes" USING btree ("owner_id","folder_id","trashed_at","archived","hidden","starred");--> statement-breakpoint
CREATE INDEX "notes_trash" ON "notes" USING btree ("owner_id","updated_at","id") WHERE "notes"."trashed_at" is not null;--> statement-breakpoint
CREATE INDEX "notes_starred" ON "notes" USING btree ("owner_id","updated_at","id") WHERE "notes"."starred";--> statement-breakpoint
CREATE INDEX "notes_archived" ON "notes" USING btree ("owner_id","updated_at","id") WHERE "notes"."archived";--> statement-breakpoint
CREATE INDEX "notes_hidden" ON "notes" USING btree ("owner_id","updated_at","id") WHERE "notes"."hidden";--> statement-breakpoint
CREATE INDEX "notes_tags" ON "notes" USING gin ("tags");--> statement-breakpoint
CREATE INDEX "notes_search" ON "notes" USING gin ("search");--> statement-breakpoint
-- Ciphertext does not compress; trying costs time.
ALTER TABLE "attachment_chunks" ALTER COLUMN "data" SET STORAGE EXTERNAL;
