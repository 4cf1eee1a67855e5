CREATE TABLE "chat_members" (
	"chat_id" text NOT NULL,
	"user_id" text NOT NULL,
	"joined_seq" bigint NOT NULL,
	"joined_number" bigint NOT NULL,
	"hidden_number" bigint NOT NULL,
	"last_read_number" bigint DEFAULT 0 NOT NULL,
	"last_read_message_id" text,
	"read_at" timestamp (3) with time zone,
	CONSTRAINT "chat_members_chat_id_user_id_pk" PRIMARY KEY("chat_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "chats" (
	"id" text PRIMARY KEY NOT NULL,
	"title" text,
	"history_visible" boolean NOT NULL,
	"message_count" bigint DEFAULT 0 NOT NULL,
	"active_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"chat_id" text NOT NULL,
	"number" bigint NOT NULL,
	"sender_id" text NOT NULL,
	"sender_number" bigint NOT NULL,
	"content" text,
	"reply_to_id" text,
	"edited_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "chat_members_user" ON "chat_members" USING btree ("user_id","chat_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_number" ON "messages" USING btree ("chat_id","number");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_sender" ON "messages" USING btree ("chat_id","sender_id","number");--> statement-breakpoint
CREATE INDEX "messages_deleted" ON "messages" USING btree ("chat_id","number","sender_id") WHERE "messages"."deleted_at" is not null;