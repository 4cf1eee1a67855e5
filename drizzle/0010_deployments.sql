CREATE TABLE "deployment_keys" (
	"key" text PRIMARY KEY NOT NULL,
	"deployment" text NOT NULL
);
