import { createHash } from 'node:crypto'

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/**
 * The id that a thing has on the server: the same each time, whatever form it had elsewhere, so that it is known again when it
 * comes a second time. What is in the right form already stays as it is.
 */
export function idFor(prefix: 'note' | 'fold', given: string, scope: string): string {
  const uuid = given.startsWith(`${prefix}_`) ? given.slice(prefix.length + 1) : given
  if (uuidV7.test(uuid)) return `${prefix}_${uuid}`
  const bytes = createHash('sha256').update(`${scope}\n${prefix}\n${given}`).digest().subarray(0, 16)
  // A UUIDv7 that tells the time 0, since when it was made is not known for a thing that others only refer to.
  bytes.fill(0, 0, 6)
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = bytes.toString('hex')
  return `${prefix}_${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}`
}
