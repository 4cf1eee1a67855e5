import { setTimeout as delay } from 'node:timers/promises'

/** Waits until `condition` gives something truthy, and returns it. @throws Error that names what was waited for */
export async function until<T>(what: string, condition: () => T | Promise<T>, timeoutMs = 10_000): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + timeoutMs; ; await delay(10)) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`${what}: not so within ${timeoutMs} ms`)
  }
}
