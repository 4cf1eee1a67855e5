CREATE TYPE "public"."access_level" AS ENUM('READ', 'WRITE', 'ADMIN');--> statement-breakpoint
CREATE TABLE "memberships" (
	"resource_id" text NOT NULL,
	"user_id" text NOT NULL,
	"level" "access_level" NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memberships_resource_id_user_id_pk" PRIMARY KEY("resource_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"stream_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"kind" text NOT NULL,
	"payload" jsonb NOT NULL,
	"actor_id" text,
	"client_id" text,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "changes_stream_id_seq_pk" PRIMARY KEY("stream_id","seq")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"mutation" text NOT NULL,
	"key" text NOT NULL,
	"input_hash" text NOT NULL,
	"outcome" jsonb,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_mutation_key_pk" PRIMARY KEY("scope","mutation","key")
);
--> statement-breakpoint
CREATE TABLE "streams" (
	"id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"head" bigint DEFAULT 0 NOT NULL,
	"floor" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "streams_floor_below_head" CHECK ("streams"."floor" <= "streams"."head")
);
--> statement-breakpoint
CREATE INDEX "memberships_user" ON "memberships" USING btree ("user_id","resource_id");--> statement-breakpoint
CREATE INDEX "changes_at" ON "changes" USING btree ("at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_at" ON "idempotency_keys" USING btree ("at");