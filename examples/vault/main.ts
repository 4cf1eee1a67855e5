/** Two devices share a vault that the server can't read: both edit it offline, sync, and show the same; then the password changes. */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startServer } from '../../tests/harness/server.ts'
import { createApi } from './api.ts'
import { createVault, type Device, openVault } from './device.ts'

const { values: options } = parseArgs({
  options: { url: { type: 'string', multiple: true }, password: { type: 'string', default: 'a long sentence that only Ada knows' } },
})
const waitMs = 30_000

function show(title: string, devices: readonly Device[]): void {
  console.log(`\n${title}`)
  for (const { deviceId, waiting, entries } of devices) {
    console.log(`  ${deviceId.padEnd(7)}${waiting > 0 ? ` (${waiting} to push)` : ''} ${JSON.stringify(entries())}`)
  }
}

const isSame = (one: Device, other: Device) => JSON.stringify(one.entries()) === JSON.stringify(other.entries())
const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'it worked',
    (error: Error & { code?: string }) => error.code ?? error.name,
  )

async function run(urls: readonly string[]): Promise<boolean> {
  const urlOf = (index: number) => urls[index % urls.length] ?? ''
  const token = await createApi(urlOf(0), null).register({ email: `ada.${randomUUID()}@example.org`, password: randomUUID() })
  const vaultId = randomUUID()
  const { password } = options
  const on = (index: number, deviceId: string) => ({ api: createApi(urlOf(index), token), vaultId, deviceId, password })

  const laptop = await createVault({ ...on(0, 'laptop'), name: 'Ada’s reading list' })
  await laptop.set('Middlemarch', 'to read')
  await laptop.set('Emma', 'read')
  await laptop.sync()
  const phone = await openVault(on(1, 'phone'))
  await phone.sync()
  show(`The vault “${phone.name}”, made on the laptop and opened on the phone with the password:`, [laptop, phone])

  await laptop.set('Middlemarch', 'page 100')
  await laptop.remove('Emma')
  await phone.set('Beloved', 'to read')
  await phone.set('Middlemarch', 'page 212')
  show('Both go offline, and edit:', [laptop, phone])
  for (const device of [laptop, phone, laptop]) await device.sync()
  show('Both sync; where both wrote, the later edit stays:', [laptop, phone])
  const agreed = isSame(laptop, phone)

  const following = phone.follow()
  await laptop.set('Persuasion', 'to read')
  await laptop.sync()
  for (const deadline = Date.now() + waitMs; !isSame(laptop, phone); ) {
    if (Date.now() > deadline) throw new Error('The phone hears nothing.')
    await Promise.race([delay(5), following.failed])
  }
  following.stop()
  show('The laptop writes while the phone follows the feed:', [laptop, phone])

  await laptop.changePassword(`${password}, and one more`)
  console.log(`\nThe laptop changes the password; the key is at version ${laptop.keyVersion}.`)
  const late = await reasonOf(phone.changePassword('what the phone would like'))
  const old = await reasonOf(openVault(on(0, 'tablet')))
  console.log(`  the phone, which knows version ${phone.keyVersion}, changes it too: ${late}`)
  console.log(`  a tablet opens the vault with the old password: ${old}`)
  const tablet = await openVault({ ...on(0, 'tablet'), password: `${password}, and one more` })
  await tablet.sync()
  show('… and with the new one:', [tablet])

  const server = await createApi(urlOf(0), token).readLogs(vaultId, 0, null)
  console.log('\nWhat the server has:')
  for (const { sequence, deviceId, encryptedData } of server?.logs.nodes.slice(0, 3) ?? []) console.log(`  ${sequence} ${deviceId} ${encryptedData}`)
  return agreed && isSame(laptop, phone) && isSame(laptop, tablet) && late === 'VERSION_MISMATCH' && old === 'WrongPasswordError'
}

const folder = mkdtempSync(join(tmpdir(), 'tidemark-vault-'))
try {
  await using server = options.url ? undefined : await startServer({ DATA_DIR: folder })
  const isRight = await run(options.url ?? [server?.url ?? ''])
  console.log(isRight ? '\nAll devices show the same.' : '\nThe devices do not show what they should.')
  process.exitCode = isRight ? 0 : 1
  await server?.stop()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
