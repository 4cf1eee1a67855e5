import { createHmac } from 'node:crypto'
import { AppError } from '../../errors.ts'
import { networkOf } from '../../platform/addresses.ts'
import type { Attempts, Limits } from '../../platform/limits.ts'
import type { Keys } from '../../platform/secrets.ts'
import { createGates } from '../gate.ts'

/** Makes guessing passwords slow, and keeps nobody out for good. */
export interface SignInGuard {
  /** Where a caller is, in a form that tells nobody where. */
  placeOf(ip: string): string
  /** The same in all the forms in which it may have been written down. */
  placesOf(ip: string): readonly string[]
  /**
   * Counts an attempt, and lets `verify` look at the password if there was no reason to wait.
   * @throws ACCOUNT_LOCKED, RATE_LIMITED with `retryAfterMs`
   */
  attempt(attempt: SignInAttempt, verify: () => Promise<boolean>): Promise<boolean>
  /** Forgets what strangers did to an account, once its owner proved to be the owner in another way. */
  forgive(account: string): Promise<void>
}

export interface SignInAttempt {
  readonly account: string
  readonly ip: string
  /** The account signed in from there before, so failures from elsewhere do not count against it. */
  readonly isKnownPlace: boolean
}

const minuteSeconds = 60
const hourSeconds = 60 * minuteSeconds

export function createSignInGuard({ limits, keys }: { readonly limits: Limits; readonly keys: Keys }): SignInGuard {
  const fromHere = limits.attempts('sign-in-here', {
    free: 5,
    firstWaitSeconds: 2,
    longestWaitSeconds: 15 * minuteSeconds,
    memorySeconds: 12 * hourSeconds,
  })
  // Many addresses against one account. An owner who comes from a new address meanwhile waits too, and can take the way by mail.
  const fromAnywhere = limits.attempts('sign-in-anywhere', {
    free: 50,
    firstWaitSeconds: 2,
    longestWaitSeconds: minuteSeconds,
    memorySeconds: hourSeconds,
  })
  // One address against many accounts. Offices share an address, so many mistakes are allowed.
  const fromAddress = limits.attempts('sign-in-address', {
    free: 100,
    firstWaitSeconds: 1,
    longestWaitSeconds: minuteSeconds,
    memorySeconds: hourSeconds,
  })
  // An attempt counts from its start. One after the other, a user's twenty tabs that sign in at once are not taken for guessing.
  const perAddress = createGates({ running: 20, waiting: 2_000 })
  const perAccount = createGates({ running: 1, waiting: 200 })
  const digestBy = (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest('base64url')
  const digest = (text: string) => digestBy(keys[0], text)

  return {
    placeOf: ip => digest(networkOf(ip)),
    placesOf: ip => keys.map(key => digestBy(key, networkOf(ip))),
    attempt({ account, ip, isKnownPlace }, verify) {
      const here = digest(`${account} ${networkOf(ip)}`)
      const counters: Counter[] = [
        { attempts: fromAddress, subject: ip, code: 'RATE_LIMITED', message: 'Too many failed sign-ins from this address; wait and try again.' },
        { attempts: fromHere, subject: here, code: 'ACCOUNT_LOCKED', message: 'Too many failed sign-ins; wait and try again.' },
      ]
      if (!isKnownPlace) {
        counters.push({
          attempts: fromAnywhere,
          subject: digest(account),
          code: 'ACCOUNT_LOCKED',
          message: 'Too many failed sign-ins; wait and try again.',
        })
      }
      return perAddress.run(networkOf(ip), () =>
        perAccount.run(here, async () => {
          await count(counters)
          const fits = await verify().catch(async error => {
            await undo(counters)
            throw error
          })
          if (fits) {
            // The address keeps its count of failures: else an attacker would clear it with an account of their own.
            await undo(counters)
            await fromHere.clear(here)
          }
          return fits
        }),
      )
    },
    forgive: account => fromAnywhere.clear(digest(account)),
  }
}

interface Counter {
  readonly attempts: Attempts
  readonly subject: string
  readonly code: 'RATE_LIMITED' | 'ACCOUNT_LOCKED'
  readonly message: string
}

async function count(counters: readonly Counter[]): Promise<void> {
  for (const [index, { attempts, subject, code, message }] of counters.entries()) {
    const retryAfterMs = await attempts.begin(subject)
    if (retryAfterMs > 0) {
      await undo(counters.slice(0, index))
      throw new AppError(code, message, { retryAfterMs })
    }
  }
}

const undo = (counters: readonly Counter[]) => Promise.all(counters.map(({ attempts, subject }) => attempts.undo(subject)))
