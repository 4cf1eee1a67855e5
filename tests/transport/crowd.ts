import { Client } from 'pg'
import { v7 } from 'uuid'
import { createAccessTokens } from '../../src/accounts/sessions/access-token.ts'
import { createTokenKeys } from '../../src/accounts/sessions/token-keys.ts'
import type { Config } from '../../src/config.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { openSecrets } from '../../src/platform/secrets.ts'

/** Tokens of so many users who may read these documents. They come by way of the database: a thousand who register take minutes. */
export async function crowdOf(config: Config, count: number, documentIds: readonly string[]): Promise<readonly string[]> {
  const people = Array.from({ length: count }, () => ({ userId: `user_${v7()}`, sessionId: `sess_${v7()}` }))
  const userIds = people.map(({ userId }) => userId)
  const client = new Client({ connectionString: config.DATABASE_URL })
  await client.connect()
  await client.query('insert into users (id, created_at) select id, now() from unnest($1::text[]) id', [userIds])
  await client.query(
    `insert into sessions (id, user_id, refresh_hash, created_at, last_used_at, expires_at)
     select id, user_id, id, now(), now(), now() + interval '1 day' from unnest($1::text[], $2::text[]) given (id, user_id)`,
    [people.map(({ sessionId }) => sessionId), userIds],
  )
  await client.query(
    `insert into memberships (resource_id, user_id, level, since)
     select document_id, user_id, 'READ', now() from unnest($1::text[]) document_id, unnest($2::text[]) user_id`,
    [documentIds, userIds],
  )
  await client.end()
  const tokens = createAccessTokens({ keys: createTokenKeys(openSecrets(config), config), clock: systemClock })
  const expiresAt = new Date(Date.now() + 3_600_000)
  return Promise.all(people.map(({ userId, sessionId }) => tokens.issue(userId, sessionId, expiresAt)))
}
