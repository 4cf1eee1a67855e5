CREATE TABLE "vault_logs" (
	"vault" text NOT NULL,
	"sequence" bigint NOT NULL,
	"id" text NOT NULL,
	"device_id" text,
	"encrypted_data" text NOT NULL,
	"nonce" text NOT NULL,
	"haex_timestamp" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "vault_logs_vault_sequence_pk" PRIMARY KEY("vault","sequence"),
	CONSTRAINT "vault_logs_once" UNIQUE NULLS NOT DISTINCT("vault","device_id","haex_timestamp","nonce")
);
--> statement-breakpoint
CREATE TABLE "vault_usage" (
	"owner_id" text PRIMARY KEY NOT NULL,
	"vault_count" integer NOT NULL,
	"log_bytes" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vaults" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"vault_id" text NOT NULL,
	"encrypted_vault_key" text NOT NULL,
	"salt" text NOT NULL,
	"nonce" text NOT NULL,
	"encrypted_name" text,
	"version" integer DEFAULT 1 NOT NULL,
	"head_sequence" bigint DEFAULT 0 NOT NULL,
	"stream_start" bigint DEFAULT 0 NOT NULL,
	"log_bytes" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"key_updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "vaults_owner" ON "vaults" USING btree ("owner_id","created_at");