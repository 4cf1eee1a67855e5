import type { IncomingHttpHeaders } from 'node:http'
import { cookieName } from '../admin/dashboard/cookie.ts'
import type { Credentials } from '../admin/identify.ts'
import { AppError } from '../errors.ts'

type Authorization = Pick<Credentials, 'token' | 'basic'>

const none: Authorization = { token: null, basic: null }

/** What an `authorization` value holds. @throws UNAUTHENTICATED for schemes other than Bearer and Basic */
function authorizationOf(value: unknown): Authorization {
  if (value === undefined || value === null || value === '') return none
  const [, scheme, rest] = (typeof value === 'string' && /^(bearer|basic) +([^\s]+)\s*$/i.exec(value)) || []
  if (scheme?.toLowerCase() === 'bearer') return { token: rest ?? null, basic: null }
  const pair = rest === undefined ? null : /^([^:]*):(.*)$/s.exec(Buffer.from(rest, 'base64').toString('utf8'))
  if (!pair) throw new AppError('UNAUTHENTICATED', 'The authorization has to be `Bearer <access token>`.')
  return { token: null, basic: { username: pair[1] ?? '', password: pair[2] ?? '' } }
}

/** `isOwnPage`: no page of another origin sent the request, which is then allowed to speak for whoever has the cookie. */
export function credentialsOf(headers: IncomingHttpHeaders, ip: string, isOwnPage: boolean): Credentials {
  const key = headers['x-admin-api-key']
  return {
    ...authorizationOf(headers.authorization),
    adminApiKey: typeof key === 'string' && key !== '' ? key : null,
    dashboardCookie: isOwnPage ? cookieOf(headers.cookie) : null,
    ip,
  }
}

const cookieOf = (header: string | undefined): string | null =>
  header
    ?.split(';')
    .map(part => part.trim())
    .find(part => part.startsWith(`${cookieName}=`))
    ?.slice(cookieName.length + 1) || null

/**
 * What stands in the payload of `connection_init`, over what came with the request that opened the socket:
 * `{ authorization: "Bearer …" }`, `{ token }` or `{ "x-admin-api-key" }`, in any case of letters, also below `headers`.
 */
export function connectionCredentials(payload: Readonly<Record<string, unknown>> | undefined, opening: Credentials): Credentials {
  const token = entryOf(payload, 'token')
  const headers = entryOf(payload, 'headers')
  const below = isRecord(headers) ? headers : undefined
  const bearer = typeof token === 'string' && token !== '' ? (/^bearer /i.test(token) ? token : `Bearer ${token}`) : undefined
  const authorization = authorizationOf(bearer ?? entryOf(payload, 'authorization') ?? entryOf(below, 'authorization'))
  const key = entryOf(payload, 'x-admin-api-key') ?? entryOf(below, 'x-admin-api-key')
  const isSaid = authorization.token !== null || authorization.basic !== null || typeof key === 'string'
  return isSaid ? { ...authorization, adminApiKey: typeof key === 'string' ? key : null, dashboardCookie: null, ip: opening.ip } : opening
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

const entryOf = (record: Readonly<Record<string, unknown>> | undefined, name: string): unknown =>
  Object.entries(record ?? {}).find(([key]) => key.toLowerCase() === name)?.[1]
