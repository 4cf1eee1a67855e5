DROP INDEX "notes_page";--> statement-breakpoint
DROP INDEX "notes_tags";--> statement-breakpoint
DROP INDEX "notes_search";--> statement-breakpoint
DROP INDEX "notes_starred";--> statement-breakpoint
DROP INDEX "notes_archived";--> statement-breakpoint
DROP INDEX "notes_hidden";--> statement-breakpoint
ALTER TABLE "notes" drop column "search";--> statement-breakpoint
ALTER TABLE "notes" ADD COLUMN "search" "tsvector" GENERATED ALWAYS AS (setweight(to_tsvector('simple', lower(coalesce(title, ''))), 'A') || setweight(to_tsvector('simple', lower(left(coalesce(content, ''), 100000))), 'B')) STORED;--> statement-breakpoint
ALTER TABLE "publications" ADD COLUMN "owner_id" text NOT NULL;--> statement-breakpoint
CREATE INDEX "memberships_shared" ON "memberships" USING btree ("user_id","resource_id") WHERE not "memberships"."owner";--> statement-breakpoint
CREATE INDEX "notes_live" ON "notes" USING btree ("owner_id","updated_at","id") WHERE "notes"."trashed_at" is null and not "notes"."hidden" and not "notes"."archived";--> statement-breakpoint
CREATE INDEX "notes_type" ON "notes" USING btree ("owner_id","type","updated_at","id") WHERE "notes"."trashed_at" is null and not "notes"."hidden" and not "notes"."archived";--> statement-breakpoint
CREATE INDEX "notes_words" ON "notes" USING gin ("search",array_append("tags", "owner_id"));--> statement-breakpoint
CREATE INDEX "publications_owner" ON "publications" USING btree ("owner_id");--> statement-breakpoint
CREATE INDEX "notes_starred" ON "notes" USING btree ("owner_id","updated_at","id") WHERE "notes"."trashed_at" is null and not "notes"."hidden" and not "notes"."archived" and "notes"."starred";--> statement-breakpoint
CREATE INDEX "notes_archived" ON "notes" USING btree ("owner_id","updated_at","id") WHERE "notes"."trashed_at" is null and not "notes"."hidden" and "notes"."archived";--> statement-breakpoint
CREATE INDEX "notes_hidden" ON "notes" USING btree ("owner_id","updated_at","id") WHERE "notes"."trashed_at" is null and "notes"."hidden";