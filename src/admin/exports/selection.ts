import { badInput } from '../../errors.ts'
import type { Selection } from '../../platform/export-source.ts'
import { checkText } from '../../platform/json.ts'

interface Circumstances {
  readonly now: Date
  /** Where the two stand: `input.` */
  readonly prefix: string
  readonly userExists: (userId: string) => Promise<boolean>
}

/** @throws BAD_USER_INPUT for a user who is not there, and for the future */
export async function checkSelection({ userId, since }: Selection, { now, prefix, userExists }: Circumstances): Promise<void> {
  if (since !== null && since > now) throw badInput(`${prefix}since`, 'Nothing has changed since then: this is in the future.')
  if (userId === null) return
  checkText(userId, `${prefix}userId`)
  if (!(await userExists(userId))) throw badInput(`${prefix}userId`, 'There is no such user.')
}

/** For the audit log. */
export const detailsOf = ({ userId, since }: Selection) => ({ ...(userId !== null && { userId }), ...(since && { since: since.toISOString() }) })
