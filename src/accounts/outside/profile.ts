import { decodeJwt } from 'jose'
import { AppError } from '../../errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import { createGate } from '../gate.ts'
import { tokenError } from '../sessions/access-token.ts'
import { hashToken } from '../sessions/refresh-token.ts'
import { createRemembered } from '../sessions/remembered.ts'
import { fetchJson, type JsonAnswer } from './fetch-json.ts'
import { nameOf, type OutsideIdentity, subjectOf, verifiedEmailOf } from './identity.ts'

/** An endpoint that knows whose token it is. */
export interface ProfileEndpoint {
  /** @throws UNAUTHENTICATED */
  identify(token: string): Promise<OutsideIdentity>
}

export interface ProfileDeps {
  readonly url: string
  /** How long a token that does not say when it ends is believed by an open socket. */
  readonly lifeSeconds: number
  readonly clock: Clock
  readonly logger: Logger
}

const timeoutMs = 10_000
const keptMs = 60_000

export function createProfileEndpoint({ url, lifeSeconds, clock, logger }: ProfileDeps): ProfileEndpoint {
  const answers = createRemembered<OutsideIdentity>({ max: 10_000, ttlMs: keptMs })
  const gate = createGate({ running: 32, waiting: 500 })

  async function ask(token: string): Promise<OutsideIdentity> {
    const answer = await gate
      .run(() => fetchJson(url, { timeoutMs, headers: { authorization: `Bearer ${token}` } }))
      .catch((cause): JsonAnswer => {
        logger.warn({ err: cause }, 'AUTH_PROFILE_URL did not answer')
        throw new AppError('UNAUTHENTICATED', 'The profile endpoint does not answer at the moment.', { cause })
      })
    const { status, body } = answer
    if (status === 401 || status === 403) throw tokenError(null)
    const subject = subjectOf(body['sub'] ?? body['id'])
    if (status !== 200 || subject === null) {
      logger.warn({ status }, 'AUTH_PROFILE_URL answered without a profile')
      throw tokenError(null)
    }
    return { issuer: url, subject, email: verifiedEmailOf(body), displayName: nameOf(body), tokenId: hashToken(token), expiresAt: endOf(token) }
  }

  function endOf(token: string): Date {
    const latest = Math.floor(clock.now().getTime() / 1000) + lifeSeconds
    return new Date(Math.min(claimedEnd(token) ?? latest, latest) * 1000)
  }

  return {
    async identify(token) {
      const identity = await answers.get(hashToken(token), () => ask(token))
      if (!identity || identity.expiresAt <= clock.now()) throw new AppError('TOKEN_EXPIRED', 'The access token has ended.')
      return identity
    },
  }
}

function claimedEnd(token: string): number | null {
  try {
    return decodeJwt(token).exp ?? null
  } catch {
    return null
  }
}
