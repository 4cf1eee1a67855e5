-- Pages of the log are bounded by the stored size of their payloads, which therefore has to be their real size.
ALTER TABLE "changes" ALTER COLUMN "payload" SET STORAGE EXTERNAL;
