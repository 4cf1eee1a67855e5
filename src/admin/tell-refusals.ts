import type { Recorder } from '../audit/audit.ts'
import { AppError } from '../errors.ts'
import type { Credentials, Identify } from './identify.ts'

/** Lets the audit log know of credentials of administrators that do not hold; of tokens it hears where they are read. */
export function tellRefusals(identify: Identify, audit: Pick<Recorder, 'refuse'>): Identify {
  return async credentials => {
    try {
      return await identify(credentials)
    } catch (error) {
      const proof = proofOf(credentials)
      if (error instanceof AppError && proof !== null) {
        const action = error.code === 'FORBIDDEN' ? 'admin-refused' : 'sign-in-refused'
        audit.refuse({ userId: null, ip: credentials.ip }, action, { details: { proof, reason: error.code } })
      }
      throw error
    }
  }
}

function proofOf({ adminApiKey, basic }: Credentials): 'api-key' | 'password of administrators' | null {
  if (adminApiKey !== null) return 'api-key'
  return basic === null ? null : 'password of administrators'
}
