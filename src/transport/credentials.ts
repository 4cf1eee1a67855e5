import type { Viewer } from '../access/viewer.ts'
import { AppError } from '../errors.ts'

export type Authenticate = (token: string) => Promise<Viewer>

/** The token of an `authorization` value; null when there is none. @throws UNAUTHENTICATED for other schemes */
export function bearerToken(authorization: unknown): string | null {
  if (authorization === undefined || authorization === null || authorization === '') return null
  const token = typeof authorization === 'string' ? /^bearer +([^\s]+)\s*$/i.exec(authorization)?.[1] : undefined
  if (!token) throw new AppError('UNAUTHENTICATED', 'The authorization has to be `Bearer <access token>`.')
  return token
}

/** The token in the payload of `connection_init`: `{ authorization: "Bearer …" }` or `{ token }`, in any case of letters, also below `headers`. */
export function connectionToken(payload: Readonly<Record<string, unknown>> | undefined): string | null {
  const token = entryOf(payload, 'token')
  if (typeof token === 'string' && token !== '') return bearerToken(/^bearer /i.test(token) ? token : `Bearer ${token}`)
  const headers = entryOf(payload, 'headers')
  return bearerToken(entryOf(payload, 'authorization') ?? (isRecord(headers) ? entryOf(headers, 'authorization') : undefined))
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const entryOf = (record: Readonly<Record<string, unknown>> | undefined, name: string): unknown =>
  Object.entries(record ?? {}).find(([key]) => key.toLowerCase() === name)?.[1]
