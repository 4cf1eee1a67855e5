import { createHmac } from 'node:crypto'
import { AppError } from '../errors.ts'
import { type Limits, networkOf } from '../platform/limits.ts'

/** Makes guessing passwords slow, and keeps nobody out for good. */
export interface SignInGuard {
  /** Where a caller is, in a form that tells nobody where. */
  placeOf(ip: string): string
  /**
   * Counts an attempt before the password is looked at. `knownPlace`: the account signed in from this address before, so that failures
   * from elsewhere do not count against it. @throws ACCOUNT_LOCKED, RATE_LIMITED with `retryAfterMs`
   */
  begin(account: string, ip: string, knownPlace: boolean): Promise<SignInAttempt>
  /** Forgets what strangers did to an account, once its owner proved to be the owner in another way. */
  forgive(account: string): Promise<void>
}

export interface SignInAttempt {
  succeeded(): Promise<void>
  /** It was decided neither way. */
  abandoned(): Promise<void>
}

const minuteSeconds = 60
const hourSeconds = 60 * minuteSeconds

export function createSignInGuard({ limits, key }: { readonly limits: Limits; readonly key: Uint8Array }): SignInGuard {
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
  const digest = (text: string) => createHmac('sha256', key).update(text).digest('base64url')

  return {
    placeOf: ip => digest(networkOf(ip)),
    async begin(account, ip, knownPlace) {
      const here = digest(`${account} ${networkOf(ip)}`)
      const counted = [
        { attempts: fromAddress, subject: ip, code: 'RATE_LIMITED', message: 'Too many failed sign-ins from this address; wait and try again.' },
        { attempts: fromHere, subject: here, code: 'ACCOUNT_LOCKED', message: 'Too many failed sign-ins; wait and try again.' },
        ...(knownPlace
          ? []
          : [
              {
                attempts: fromAnywhere,
                subject: digest(account),
                code: 'ACCOUNT_LOCKED',
                message: 'Too many failed sign-ins; wait and try again.',
              } as const,
            ]),
      ] as const
      const undo = (upTo: number) => Promise.all(counted.slice(0, upTo).map(({ attempts, subject }) => attempts.undo(subject)))
      for (const [index, { attempts, subject, code, message }] of counted.entries()) {
        const retryAfterMs = await attempts.begin(subject)
        if (retryAfterMs > 0) {
          await undo(index)
          throw new AppError(code, message, { retryAfterMs })
        }
      }
      return {
        // The address keeps its count: else an attacker would reset it with an account of their own.
        async succeeded() {
          await undo(counted.length)
          await fromHere.clear(here)
        },
        async abandoned() {
          await undo(counted.length)
        },
      }
    },
    forgive: account => fromAnywhere.clear(digest(account)),
  }
}
