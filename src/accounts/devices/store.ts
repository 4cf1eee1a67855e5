import { and, desc, eq } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among } from '../../platform/text-array.ts'
import type { DeviceRow } from '../sessions/store.ts'
import { devices } from '../table.ts'

const own = (id: string, userId: string) => and(eq(devices.id, id), eq(devices.userId, userId))

export async function findDevice(db: Db | Tx, id: string): Promise<DeviceRow | null> {
  const [row = null] = await findDevices(db, [id])
  return row
}

export async function findDevices(db: Db | Tx, ids: readonly string[]): Promise<DeviceRow[]> {
  return db.select().from(devices).where(among(devices.id, ids))
}

export async function listDevices(db: Db | Tx, userId: string): Promise<DeviceRow[]> {
  return db.select().from(devices).where(eq(devices.userId, userId)).orderBy(desc(devices.lastSeenAt), desc(devices.id))
}

/** Makes the device, or finds the user's device of that name and says that it was seen. */
export async function seeDevice(tx: Tx, row: DeviceRow): Promise<DeviceRow> {
  const [device] = await tx
    .insert(devices)
    .values(row)
    .onConflictDoUpdate({ target: [devices.userId, devices.name], set: { lastSeenAt: row.lastSeenAt } })
    .returning()
  return device ?? row
}

/** Null when the id or the name is taken. */
export async function insertDevice(tx: Tx, row: DeviceRow): Promise<DeviceRow | null> {
  const [device] = await tx.insert(devices).values(row).onConflictDoNothing().returning()
  return device ?? null
}

export async function findDeviceNamed(tx: Tx, userId: string, name: string): Promise<DeviceRow | null> {
  const [row] = await tx
    .select()
    .from(devices)
    .where(and(eq(devices.userId, userId), eq(devices.name, name)))
  return row ?? null
}

export async function updateDevice(tx: Tx, id: string, userId: string, change: Pick<DeviceRow, 'name' | 'lastSeenAt'>): Promise<DeviceRow | null> {
  const [row] = await tx.update(devices).set(change).where(own(id, userId)).returning()
  return row ?? null
}

export async function deleteDevice(tx: Tx, id: string, userId: string): Promise<boolean> {
  const gone = await tx.delete(devices).where(own(id, userId)).returning({ id: devices.id })
  return gone.length > 0
}

/** All but the `keep` devices that were seen last. */
export async function findExcessDevices(tx: Tx, userId: string, keep: number): Promise<string[]> {
  const rows = await tx
    .select({ id: devices.id })
    .from(devices)
    .where(eq(devices.userId, userId))
    .orderBy(desc(devices.lastSeenAt), desc(devices.id))
    .offset(keep)
  return rows.map(row => row.id)
}

export async function deleteDevicesOf(tx: Tx, userId: string): Promise<void> {
  await tx.delete(devices).where(eq(devices.userId, userId))
}
