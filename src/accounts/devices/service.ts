import type { Viewer } from '../../access/viewer.ts'
import type { Recorder } from '../../audit/audit.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { once } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { chosenId, newId } from '../../platform/ids.ts'
import { type DeviceRow, deleteSessionsOnDevice } from '../sessions/store.ts'
import { checkName } from '../users/user.ts'
import {
  deleteDevice,
  findDevice,
  findDeviceNamed,
  findDevices,
  findExcessDevices,
  insertDevice,
  listDevices,
  seeDevice,
  updateDevice,
} from './store.ts'

export type Device = DeviceRow

export interface RegisterDeviceInput {
  readonly id?: string | null | undefined
  readonly name: string
  readonly idempotencyKey?: string | null | undefined
}

export interface DevicesDeps {
  readonly database: Database
  readonly feed: Feed
  readonly audit: Recorder
  readonly clock: Clock
  readonly announceEnded: (tx: Tx, sessionIds: readonly string[]) => Promise<void>
}

/** Beyond this, the device seen longest ago makes room; its sessions live on. */
const maxDevices = 100

export function createDevices({ database, feed, audit, clock, announceEnded }: DevicesDeps) {
  async function makeRoom(tx: Tx, userId: string): Promise<void> {
    for (const id of await findExcessDevices(tx, userId, maxDevices)) await deleteDevice(tx, id, userId)
  }

  /** The user's device of this name, made if need be. */
  async function see(tx: Tx, userId: string, name: string): Promise<Device> {
    const now = clock.now()
    const device = await seeDevice(tx, { id: newId('dev'), userId, name, lastSeenAt: now, createdAt: now })
    await makeRoom(tx, userId)
    return device
  }

  async function keep(tx: Tx, userId: string, id: string, name: string): Promise<Device> {
    const now = clock.now()
    const found = await findDevice(tx, id)
    if (found && found.userId !== userId) throw new AppError('ALREADY_EXISTS', 'This id is taken.', { field: 'input.id' })
    const namesake = await findDeviceNamed(tx, userId, name)
    if (namesake && namesake.id !== id) throw new AppError('ALREADY_EXISTS', 'Another device has this name.', { field: 'input.name' })
    const device = found
      ? await updateDevice(tx, id, userId, { name, lastSeenAt: now })
      : await insertDevice(tx, { id, userId, name, lastSeenAt: now, createdAt: now })
    if (!device) throw new AppError('ALREADY_EXISTS', 'This id or name was taken just now.', { field: 'input.id' })
    await makeRoom(tx, userId)
    return device
  }

  return {
    see,
    list: ({ userId }: Viewer): Promise<Device[]> => listDevices(database.db, userId),
    async find({ userId }: Viewer, ids: readonly string[]): Promise<Map<string, Device>> {
      const found = await findDevices(database.db, ids)
      return new Map(found.flatMap(device => (device.userId === userId ? [[device.id, device]] : [])))
    },
    async register({ userId }: Viewer, { id, name: given, idempotencyKey: key }: RegisterDeviceInput): Promise<{ device: Device }> {
      const name = checkName(given, 'input.name')
      const chosen = id == null ? null : chosenId('dev', id)
      return feed.transact(async tx => {
        const call = { scope: userId, mutation: 'registerDevice', key, input: { id: chosen, name } }
        const { deviceId } = await once(
          tx,
          call,
          async () => ({ deviceId: (chosen === null ? await see(tx, userId, name) : await keep(tx, userId, chosen, name)).id }),
          clock.now(),
        )
        const device = await findDevice(tx, deviceId)
        if (device?.userId !== userId) throw notFound('device')
        return { device }
      })
    },
    /** What was signed in on it is signed out: a device is mostly removed because it is lost. */
    async remove(viewer: Viewer, { id }: { readonly id: string }): Promise<{ removedId: string }> {
      return feed.transact(async tx => {
        const device = await findDevice(tx, id)
        if (device?.userId !== viewer.userId) throw notFound('device')
        const ended = await deleteSessionsOnDevice(tx, id)
        await announceEnded(tx, ended)
        await deleteDevice(tx, id, viewer.userId)
        await audit.record(tx, viewer, 'deleted', { target: id })
        for (const sessionId of ended) await audit.record(tx, viewer, 'session-revoked', { target: sessionId, details: { deviceId: id } })
        return { removedId: id }
      })
    },
  }
}
