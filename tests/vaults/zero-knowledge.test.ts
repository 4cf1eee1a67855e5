import { webcrypto } from 'node:crypto'
import { Client as Database } from 'pg'
import { describe, expect, test } from 'vitest'
import { createApi } from '../../examples/vault/api.ts'
import { TamperedLogError, unwrapKey, WrongPasswordError } from '../../examples/vault/crypto.ts'
import { createVault, openVault } from '../../examples/vault/device.ts'
import { codeOf, signUp } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { databaseText, hearBus, logText, redisText } from '../harness/traces.ts'
import { until } from '../harness/wait.ts'
import { sealed, vaultOf } from './world.ts'

const vaultId = 'the vault of ann'
const name = 'Name only Ann knows'
const password = 'Pass sentence — only Ann knows'
const newPassword = 'Another pass sentence, zwölf'
const first = 'Key of the first entry'
const second = 'Key of the second entry'
const [early, onPhone, over, live] = [
  'Value written on the laptop',
  'Value written on the phone',
  'Value written over it',
  'Value pushed live',
] as const

/** A secret in every form in which it would be readable: as it is, as JSON, hex, and base64 wherever in a longer text it begins. */
function formsOf(secret: Uint8Array | string): string[] {
  const bytes = Buffer.from(secret)
  const plain = typeof secret === 'string' ? [secret, JSON.stringify(secret).slice(1, -1), bytes.toString('latin1')] : [bytes.toString('latin1')]
  const base64 = [0, 1, 2].flatMap(shift => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '')
    // The first and the last characters depend on what is around it.
    const inner = text.slice(shift === 0 ? 0 : shift + 1, -1)
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')]
  })
  return [...plain, bytes.toString('hex'), bytes.toString('hex').toUpperCase(), ...base64]
}

describe.each(modes)('what the server has of a vault on %s', mode => {
  test('is nothing that it could read: not a text, not the key, not the password, in no table, on no bus, in no log', async () => {
    await using environment = await environmentOf(mode)
    const bus = await hearBus(environment)
    const env = { ...environment.env, LOG_LEVEL: 'trace' }
    const servers = [await startServer(env)]
    if (mode === 'postgres+redis') servers.push(await startServer(env))
    const ann = await signUp(servers[0]?.url ?? '', 'ann')
    const on = (index: number, deviceId: string) => ({
      api: createApi(servers[index % servers.length]?.url ?? '', ann.accessToken),
      vaultId,
      deviceId,
    })

    const laptop = await createVault({ ...on(0, 'laptop'), password, name })
    const phone = await openVault({ ...on(1, 'phone'), password })
    expect(phone.name).toBe(name)
    await laptop.set(first, early)
    await phone.set(second, onPhone)
    await phone.set(first, over)
    for (const device of [laptop, phone, laptop]) await device.sync()
    expect(laptop.entries()).toEqual({ [first]: over, [second]: onPhone })
    expect(phone.entries()).toEqual(laptop.entries())
    const following = phone.follow()
    await laptop.remove(first)
    await laptop.set(second, live)
    await laptop.sync()
    await until('the phone shows what the laptop wrote', () => JSON.stringify(phone.entries()) === JSON.stringify({ [second]: live }))
    following.stop()

    await laptop.changePassword(newPassword)
    expect(await phone.changePassword('what the phone would like').catch(error => error.code)).toBe('VERSION_MISMATCH')
    await expect(openVault({ ...on(0, 'tablet'), password })).rejects.toThrow(WrongPasswordError)
    const tablet = await openVault({ ...on(0, 'tablet'), password: newPassword })
    await tablet.sync()
    expect(tablet.entries()).toEqual(laptop.entries())
    // What is refused must not be written down either.
    await codeOf(vaultOf(ann, vaultId).push({ logs: [sealed({ encryptedData: `${Buffer.from(password).toString('base64')}!`, nonce: '' })] }))

    const { api } = on(0, '')
    const stored = await api.readKey(vaultId)
    const logs = (await api.readLogs(vaultId, 0, null))?.logs.nodes ?? []
    expect(logs).toHaveLength(5)
    const key = await unwrapKey(stored?.key ?? { encryptedVaultKey: '', salt: '', nonce: '' }, newPassword, vaultId)
    const rawKey = new Uint8Array(await webcrypto.subtle.exportKey('raw', key))
    expect(rawKey).toHaveLength(32)

    if (bus) await expect.poll(() => bus.text()).toContain(logs[4]?.encryptedData)
    const redis = bus ? await redisText(environment) : ''
    for (const server of servers) await server.stop()
    const places = { database: await databaseText(environment), redis, bus: bus?.text() ?? '', log: logText(servers) }
    bus?.stop()
    // The search finds what is there.
    for (const known of [vaultId, stored?.key.encryptedVaultKey ?? '', ...logs.map(log => log.encryptedData)])
      expect(places.database).toContain(known)
    expect(places.log).toContain('socket signed in')
    for (const secret of [first, second, early, onPhone, over, live, name, password, newPassword, 'what the phone would like', rawKey]) {
      for (const form of formsOf(secret)) {
        for (const [place, text] of Object.entries(places)) expect({ place, form, found: text.includes(form) }).toEqual({ place, form, found: false })
      }
    }
  })
})

describe('a log that was tampered with', () => {
  const flipped = (ciphertext: string) => `${ciphertext.startsWith('A') ? 'B' : 'A'}${ciphertext.slice(1)}`

  test('does not decrypt, whatever of it was changed, and is named: by who reads pages and by who follows', async () => {
    await using environment = await environmentOf('postgres')
    await using server = await startServer(environment.env)
    await using database = Object.assign(new Database({ connectionString: environment.env['DATABASE_URL'] ?? '' }), {
      [Symbol.asyncDispose]: () => database.end(),
    })
    await database.connect()
    const ann = await signUp(server.url, 'ann')
    const api = createApi(server.url, ann.accessToken)
    const laptop = await createVault({ api, vaultId, deviceId: 'laptop', password, name })
    for (const value of ['one', 'two', 'three']) await laptop.set('number', value)
    await laptop.sync()
    const phone = await openVault({ api, vaultId, deviceId: 'phone', password })
    await phone.sync()

    const logs = (await api.readLogs(vaultId, 0, null))?.logs.nodes ?? []
    const [first, second] = logs
    for (const [column, value] of [
      ['encrypted_data', flipped(second?.encryptedData ?? '')],
      ['encrypted_data', first?.encryptedData ?? ''],
      ['nonce', first?.nonce ?? ''],
      ['haex_timestamp', '2999-01-01T00:00:00.000Z/0000/laptop'],
      ['device_id', 'phone'],
    ] as const) {
      const before = (await database.query<{ was: string }>(`select ${column} was from vault_logs where sequence = 2`)).rows[0]?.was
      const put = (text: string | undefined) => database.query(`update vault_logs set ${column} = $1 where sequence = 2`, [text])
      await put(value)
      const tablet = await openVault({ api, vaultId, deviceId: 'tablet', password })
      const error = await tablet.sync().catch(error => error)
      expect(error).toBeInstanceOf(TamperedLogError)
      expect(error).toMatchObject({ sequence: 2, message: expect.stringContaining(second?.id ?? '') })
      expect(tablet.entries()).toEqual({ number: 'one' })
      await put(before)
      await tablet.sync()
      expect(tablet.entries()).toEqual({ number: 'three' })
    }

    await laptop.set('number', 'four')
    await laptop.set('number', 'five')
    await laptop.sync()
    await database.query(`update changes set payload = jsonb_set(payload, '{encryptedData}', to_jsonb($1::text)) where payload->>'sequence' = '5'`, [
      flipped('Z'.repeat(40)),
    ])
    const following = phone.follow()
    await expect(following.failed).rejects.toMatchObject({ name: 'TamperedLogError', sequence: 5 })
    expect(phone.entries()).toEqual({ number: 'four' })
  })
})
