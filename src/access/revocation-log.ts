import type { Feed } from '../feed/feed.ts'
import type { Logger } from '../platform/logger.ts'
import type { Revocation } from './revocation.ts'

export interface RevocationLogDeps {
  readonly feed: Feed
  readonly streamId: string
  readonly logger: Logger
  onRevocation(what: Revocation): void
  /** There were revocations that this node will never hear of. */
  onGap(): void
}

/** Reads the stream of revocations for as long as the node runs. */
export async function followRevocations({ feed, streamId, logger, onRevocation, onGap }: RevocationLogDeps): Promise<AsyncDisposable> {
  let current = await feed.tail(streamId)

  async function follow(): Promise<void> {
    const { tail } = current
    for (let changes = await tail.next(); changes; changes = await tail.next()) {
      for (const { payload } of changes) onRevocation(payload as Revocation)
    }
  }

  async function followOn(): Promise<void> {
    for (;;) {
      try {
        return await follow()
      } catch (error) {
        logger.error({ err: error }, 'this node missed revocations; whatever is open on it is ended, to be opened anew')
        const { release } = current
        // Listening comes first: what is revoked from here on is heard.
        current = await feed.tail(streamId)
        release()
        onGap()
      }
    }
  }

  const following = followOn().catch(error => logger.fatal({ err: error }, 'this node no longer hears of revocations'))
  return {
    async [Symbol.asyncDispose]() {
      current.tail.end()
      current.release()
      await following
    },
  }
}
