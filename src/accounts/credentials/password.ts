import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { badInput } from '../../errors.ts'
import { checkText } from '../../platform/json.ts'
import { createGate } from '../gate.ts'

export interface Passwords {
  hash(password: string): Promise<string>
  /** Takes the same time without a hash to compare with, and then says no. */
  verify(passwordHash: string | null, password: string): Promise<boolean>
}

/** OWASP's second choice for argon2id (the library's own algorithm): 19 MiB, two passes. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** The library works in libuv's threads; two at a time leave half of those to everybody else and bound the memory. */
const atOnce = { running: 2, waiting: 500 }

export async function createPasswords(): Promise<Passwords> {
  const gate = createGate(atOnce)
  const nobodys = await hash(randomBytes(32).toString('base64'), cost)
  return {
    hash: password => gate.run(() => hash(normal(password), cost)),
    async verify(passwordHash, password) {
      const fits = await gate.run(() => verify(passwordHash ?? nobodys, normal(password)))
      return fits && passwordHash !== null
    },
  }
}

const minLength = 8
const maxLength = 256
const common = new Set([
  'password',
  'password1',
  '12345678',
  '123456789',
  '1234567890',
  'qwertyui',
  'qwertyuiop',
  'qwerty123',
  'iloveyou',
  '11111111',
  '00000000',
])

/** Different keyboards send the same character in different forms (NIST SP 800-63B). */
const normal = (password: string) => password.normalize('NFKC')

/** @throws BAD_USER_INPUT for what can't be a new password */
export function checkNewPassword(password: string, field: string): void {
  checkText(password, field)
  const { length } = [...normal(password)]
  if (length < minLength || length > maxLength) throw badInput(field, `A password has ${minLength} to ${maxLength} characters.`)
  if (common.has(password.toLowerCase())) throw badInput(field, 'This password is among the first that anybody would try.')
}

/** Whether it could be a password at all; what could not is not worth the work of a comparison. @throws BAD_USER_INPUT */
export function checkPassword(password: string, field: string): void {
  checkText(password, field)
  if (password.length > maxLength * 4) throw badInput(field, `A password has at most ${maxLength} characters.`)
}
