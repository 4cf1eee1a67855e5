import { z } from 'zod'
import { badInput } from '../../errors.ts'

const maxLength = 254
const address = z.email({ pattern: z.regexes.unicodeEmail })
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Z}]/u

/** The one form of an address under which an account is kept and mail is sent. Null when it is none. */
export function normalEmail(text: string): string | null {
  const email = text.trim().normalize('NFKC').toLowerCase()
  return email.length <= maxLength && !invisible.test(email) && address.safeParse(email).success ? email : null
}

/** @throws BAD_USER_INPUT */
export function checkEmail(text: string, field: string): string {
  const email = normalEmail(text)
  if (email === null) throw badInput(field, `This is no e-mail address, or it is longer than ${maxLength} characters.`)
  return email
}
