import { Client } from 'pg'
import { newId } from '../../src/platform/ids.ts'

/** Who signs in by the password of the configuration. */
export const keeper = { name: 'keeper', password: 'a tide that never turns' }

/** Users that were here before the tests, the newest first. */
export async function fillWithUsers(databaseUrl: string, count: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(
      `insert into users (id, email, display_name, created_at)
       select id, 'person' || n || '@example.org', 'Person ' || n, now() - n * interval '1 minute' from unnest($1::text[]) with ordinality as made(id, n)`,
      [Array.from({ length: count }, () => newId('user'))],
    )
  } finally {
    await client.end()
  }
}
