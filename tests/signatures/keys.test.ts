import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSigningKeys } from '../../src/accounts/signing-keys.ts'
import { sessions } from '../../src/accounts/table.ts'
import { from, newEmail, signUp, startNode, startWorld } from '../accounts/world.ts'

const secret = () => new Uint8Array(randomBytes(32))

test('a key that is sealed opens for its owner alone, by the secret of today or an earlier one', () => {
  const [first, second] = [secret(), secret()]
  const before = createSigningKeys([first])
  const { key, sealed } = before.make('session 1')
  expect(Buffer.from(key, 'base64url')).toHaveLength(32)
  expect(before.make('session 1').key).not.toBe(key)
  expect(sealed).not.toContain(key)
  const opened = (keys: typeof before, owner: string, from: string | null) => {
    const bytes = keys.open(owner, from)
    return bytes && Buffer.from(bytes).toString('base64url')
  }
  expect(opened(before, 'session 1', sealed)).toBe(key)
  expect(opened(before, 'session 2', sealed)).toBeNull()
  expect(opened(before, 'session 1', null)).toBeNull()
  for (const broken of ['', 'AAAA', sealed.slice(1), `${sealed.slice(0, -2)}AA`, `${sealed}AA`])
    expect(opened(before, 'session 1', broken)).toBeNull()

  const rotated = createSigningKeys([second, first])
  const kept = rotated.keep('session 1', sealed)
  expect(kept).toMatchObject({ key, isNew: false })
  // What was kept holds when the first secret is gone; what was not does not, and is made anew.
  const after = createSigningKeys([second])
  expect(opened(after, 'session 1', kept.sealed)).toBe(key)
  expect(opened(after, 'session 1', sealed)).toBeNull()
  expect(after.keep('session 1', sealed)).toMatchObject({ isNew: true })
})

let world: Awaited<ReturnType<typeof startWorld>>
beforeAll(async () => {
  world = await startWorld('postgres')
})
afterAll(() => world?.[Symbol.asyncDispose]())

const keyOf = async (node: typeof world.accounts, accessToken: string) => {
  const found = await node.signingKeyOf(await node.authenticate(accessToken, '192.0.2.1'))
  return found && Buffer.from(found.bytes).toString('base64url')
}

test('a session from before there were keys gets one when it is refreshed', async () => {
  const opened = await signUp(world)
  await world.database.db.update(sessions).set({ signingKey: null }).where(eq(sessions.id, opened.session.id))
  await using other = await startNode(world.env)
  expect(await keyOf(other.accounts, opened.accessToken)).toBeNull()
  const refreshed = await world.accounts.refreshSession(opened, from('192.0.2.1'))
  expect(refreshed.signingKey).toMatch(/^[\w-]{43}$/)
  // The other node still remembers the session without.
  expect(await keyOf(other.accounts, refreshed.accessToken)).toBe(refreshed.signingKey)
  expect((await world.accounts.refreshSession(refreshed, from('192.0.2.1'))).signingKey).toBeNull()
  expect(await keyOf(other.accounts, refreshed.accessToken)).toBe(refreshed.signingKey)
})

test('a session keeps its key when the secret is replaced', async () => {
  const opened = await signUp(world, newEmail())
  const JWT_SECRET = `another secret for the tests only ${randomBytes(24).toString('hex')}`
  await using between = await startNode({ ...world.env, JWT_SECRET, JWT_PREVIOUS_SECRETS: world.env['JWT_SECRET'] ?? '' })
  expect(await keyOf(between.accounts, opened.accessToken)).toBe(opened.signingKey)
  const refreshed = await between.accounts.refreshSession(opened, from('192.0.2.1'))
  expect(refreshed.signingKey).toBeNull()
  await using after = await startNode({ ...world.env, JWT_SECRET })
  expect(await keyOf(after.accounts, refreshed.accessToken)).toBe(opened.signingKey)
})
