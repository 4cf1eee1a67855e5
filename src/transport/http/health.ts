import type { Logger } from '../../platform/logger.ts'

export interface Pingable {
  ping(): Promise<void>
}

export interface Readiness {
  readonly ready: boolean
  readonly checks: Readonly<Record<string, 'ok' | 'failed'>>
}

const timeoutMs = 2_000

/** Asks everything the server stands on. Many askers at once share one answer. */
export function createReadiness(parts: Readonly<Record<string, Pingable>>, logger: Logger): () => Promise<Readiness> {
  let pending: Promise<Readiness> | null = null

  async function check(): Promise<Readiness> {
    const results = await Promise.all(Object.entries(parts).map(async ([name, part]) => [name, await answers(name, part)] as const))
    return { ready: results.every(([, isUp]) => isUp), checks: Object.fromEntries(results.map(([name, isUp]) => [name, isUp ? 'ok' : 'failed'])) }
  }

  async function answers(name: string, part: Pingable): Promise<boolean> {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    try {
      await Promise.race([part.ping(), promise])
      return true
    } catch (error) {
      logger.warn({ err: error, part: name }, 'not ready')
      return false
    } finally {
      clearTimeout(timer)
    }
  }

  return () => {
    pending ??= check().finally(() => {
      pending = null
    })
    return pending
  }
}
